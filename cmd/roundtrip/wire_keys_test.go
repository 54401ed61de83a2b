package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// TestACommentIsKnownAfterAKeyChanged: what one bot wrote, another that has no
// receipt of it edits, and does not make again, while it has the key of before;
// what it edited is known when that key is gone. Without that key it is none
// of ours.
func TestACommentIsKnownAfterAKeyChanged(t *testing.T) {
	const a, b, c = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "cccccccccccccccccccccccccccccccccccccccc"
	w := live(t, playground.LiveFile)
	repo := w.GitHub.AddRepo(playground.Repo, nil)
	n := must[int](t)(w.OpenChange(fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"}, playground.Size{Added: 9, Deleted: 2}))
	for i, it := range []struct {
		name, secret, old, encryption string
		comments                      int
	}{
		{"the first", a, "", "", 1},
		{"while it changes", b, a, "", 1},
		{"when it has changed", b, "", "", 1},
		{"a key of our own is set", b, "", c, 1},
		{"that one alone counts then", a, "", c, 1},
		{"of no key that is known", a, "", "", 2},
	} {
		environ := w.Settings("sqlite:" + filepath.Join(t.TempDir(), "x.db"))
		environ["ROUNDTRIP_GITHUB_WEBHOOK_SECRET"], environ["ROUNDTRIP_GITHUB_WEBHOOK_SECRET_OLD"], environ["ROUNDTRIP_ENCRYPTION_KEY"] = it.secret, it.old, it.encryption
		s, mistakes := config.LoadServer(environ, "x.yml", func(string) ([]byte, error) { return w.File(), nil })
		if len(mistakes) > 0 {
			t.Fatal(mistakes)
		}
		e := bot.KeepComment{
			Ref:   bot.ChangeRef{Repo: bot.RepoRef{Installation: repo.Installation, ID: repo.ID, Name: playground.Repo}, Number: n},
			Place: "rollout/shop", Body: "Written by the bot " + strings.Repeat("again", i),
		}
		for _, p := range must[outside](t)(adapters(s, nil, around{}, newMeters(nil, nil))).github.All() {
			if p.Kind() == e.Kind() {
				must[bot.Receipt](t)(p.Perform(t.Context(), bot.Job{Effect: e, Attempt: 1}))
			}
		}
		comments := look(t, w, n).Comments
		if newest := comments[len(comments)-1].Body; len(comments) != it.comments || !strings.HasPrefix(newest, e.Body+"\n") {
			t.Fatalf("%s: %d comments, the newest is %q", it.name, len(comments), newest)
		}
	}
}
