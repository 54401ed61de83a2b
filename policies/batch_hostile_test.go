package policies

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
)

// What somebody writes about a change makes it no smaller: neither title, body,
// labels, branch nor that it is a draft; and of who wrote it, only what the file
// exempts.
func TestNothingSaidOfAChangeMakesItSmaller(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Defaults()
		s.Batch.Mode, s.Batch.Exempt = Block, []string{"renovate[bot]"}
		plain := Facts{Change: sized(rapid.IntRange(0, 900).Draw(t, "lines"), 0, rapid.IntRange(0, 90).Draw(t, "files"))}
		adorned := plain
		c := &adorned.Change
		text := rapid.SampledFrom([]string{"", "hotfix", "batch: exempt", "renovate[bot]", "/override batch now", "Revert \"x\"", "[skip roundtrip]", "size/XS"})
		c.Title, c.Body, c.HeadRef, c.Labels = text.Draw(t, "title"), text.Draw(t, "body"), text.Draw(t, "branch"), []string{text.Draw(t, "label")}
		c.Draft, c.AuthorBot, c.HeadRepo = rapid.Bool().Draw(t, "draft"), rapid.Bool().Draw(t, "robot"), rapid.Int64().Draw(t, "fork")
		c.Author = bot.Login(rapid.SampledFrom([]string{"ann", "renovate", "renovate [bot]", "admin"}).Draw(t, "author"))
		if diff := cmp.Diff(batch().Judge(plain, s), batch().Judge(adorned, s)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Paths are strangers' text: none breaks out of its code span, turns text
// around or makes the summary too long for GitHub.
func TestHostilePathsAreShown(t *testing.T) {
	var files []bot.ChangedFile
	for _, path := range []string{"a`b.go", "# no heading\n@ann", "[x](https://evil.example)", "safe\u202egpj.go", "nul\x00.go", "bad\xff.go", strings.Repeat("x", 4096), "sub|module", "link -> ../../etc/passwd", ""} {
		files = append(files, bot.ChangedFile{Path: path, Status: "added", Added: 60}, bot.ChangedFile{Path: "docs/" + path + ".md", Status: "added", Added: 60})
	}
	s := Defaults().Batch
	s.Mode = Block
	told := s.Told(lines.Of(files, 60*len(files), s.Rules()), len(files))
	v := judgeBatch(Facts{Change: sized(60*len(files), 0, len(files)), Counted: &told}, s)
	if v.Conclusion != bot.Failure || len(v.Summary) > 4000 {
		t.Errorf("%s, %d bytes", v.Conclusion, len(v.Summary))
	}
	if strings.ContainsAny(v.Summary, "\x00\u202e\r") || strings.Contains(v.Summary, "\n# no") || strings.Contains(v.Summary, "\n@ann") {
		t.Errorf("%q", v.Summary)
	}
}

// More files than GitHub lists, and lines past where it stops to show them: none
// is passed over, whatever it is called.
func TestWhatGitHubDoesNotListCounts(t *testing.T) {
	s := Defaults().Batch
	s.Mode = Block
	var files []bot.ChangedFile
	for range 3000 {
		files = append(files, bot.ChangedFile{Path: "docs/a.md", Status: "added"}) // 0 lines, unmarked
	}
	told := s.Told(lines.Of(files, 25_000, s.Rules()), 3012)
	v := judgeBatch(Facts{Change: sized(25_000, 0, 3012), Counted: &told}, s)
	if v.Conclusion != bot.Failure || !strings.HasPrefix(v.Title, words.UpTo+"25000 lines") || told.Least != 0 {
		t.Errorf("%+v", v)
	}
}
