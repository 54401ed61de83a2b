package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// A release need not be of a change: what somebody else had deployed comes
// back by a rollback, and is told of by its commit. There is no change #0.
func TestAReleaseWithoutAChangeIsToldByItsCommit(t *testing.T) {
	x := newMall(t) // its releases are of no change
	commit := "`" + teaSHA(21).Short() + "`"
	if plan := x.says(t, 1, "/rollback web:production"); len(orders(plan)) != 1 {
		t.Fatalf("it does not go back: %s", answer(plan))
	}
	x.says(t, 1, "/rollback pay:production")
	for text, want := range map[string][]string{
		"/status web:production": {commit + " is starting at 100 %"},
		"/deploy web:canary":     {"Production is taken: " + commit + " is in production (starting)", "/roundtrip abort acme/tea web:production"},
		"/deploy pay:canary":     {"Production is taken: ", "/roundtrip abort acme/tea pay:production"},
	} {
		got := answer(x.says(t, 2, text))
		for _, w := range append(want, "") {
			if !strings.Contains(got, w) || strings.Contains(got, "#0") {
				t.Errorf("%s: %q is not in %s", text, w, got)
			}
		}
	}
	x.keep(t, bot.Plan{Docs: []bot.Doc{settingsDoc{Repo: tea, Good: []byte("x"), HasGood: true}}})
	chat := bot.CommandGiven{From: bot.FromSlack, By: bot.Person{Slack: "U1"}, Text: "abort acme/tea", At: x.now.Add(time.Second), Reply: "https://hooks.example/1"}
	if got := said(x.tell(t, chat)); !strings.Contains(got, commit+" in web:production") || strings.Contains(got, "#0") {
		t.Errorf("of several in chat: %s", got)
	}
}

func TestNamesOfReleases(t *testing.T) {
	r := deploy.Release{SHA: "abc1234def"}
	main := r
	main.Base = "main"
	change := main
	change.Change = bot.ChangeRef{Repo: tea, Number: 7}
	for want, r := range map[string]deploy.Release{"`abc1234`": r, "`abc1234` of `main`": main, "`abc1234` of #7": change} {
		if got := r.Named(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
