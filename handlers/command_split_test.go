package handlers

import (
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Commits that each fit are the parts; where they are merges, too many or not
// shown whole, the files are.
func TestSplitByCommits(t *testing.T) {
	file := func(path string, n int) bot.ChangedFile {
		return bot.ChangedFile{Path: path, Status: "added", Added: n}
	}
	for name, c := range map[string]struct {
		spoil func(k strict)
		says  string
	}{
		"as they are":   {func(strict) {}, "| part | lines | commits |\n|---|---:|---|\n| 1 | 390 | `0000000` `Move \\|\\| prices` |\n| 2 | 300 |"},
		"one is merged": {func(k strict) { k.compared[0].Parents = 2 }, "| part | lines | files |"},
		"not whole":     {func(k strict) { delete(k.committed, teaSHA(4)) }, "| part | lines | files |"},
		"too many":      {func(k strict) { k.compared = append(make([]bot.Commit, 19), k.compared...) }, "| part | lines | files |"},
		"too large":     {func(k strict) { k.committed[teaSHA(4)] = []bot.ChangedFile{file("a.go", 690)} }, "| part | lines | files |"},
		"moved on":      {func(k strict) { k.compared = k.compared[:1] }, "| part | lines | files |"},
	} {
		k, large := mostlyLocked()
		k.changed[teaSHA(5)] = []bot.ChangedFile{file("a.go", 390), file("b.go", 300)}
		large.Change.Added = 690
		k.compared = []bot.Commit{{SHA: teaSHA(4), Title: "Move || prices", Parents: 1}, {SHA: teaSHA(5), Title: "New prices", Parents: 1}}
		k.committed = map[bot.SHA][]bot.ChangedFile{teaSHA(4): {file("a.go", 390)}, teaSHA(5): {file("b.go", 300)}}
		c.spoil(k)
		k.heardAt(t, teaTime, large)
		said := answer(k.heardAt(t, teaTime, says(5, "bob", "/split")))
		if !strings.Contains(said, c.says) {
			t.Errorf("%s: %s", name, said)
		}
		if byCommit := strings.Contains(c.says, "commits"); byCommit != strings.Contains(said, "git switch -c part-2 part-1\ngit cherry-pick 0000000\n") {
			t.Errorf("%s: %s", name, said)
		}
	}
}
