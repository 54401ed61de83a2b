package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// withBad is a street in whose production two commits are refused.
func withBad(t *testing.T) *street {
	x := newStreet()
	live := deploy.Placed{At: teaTime.Add(-time.Hour), Release: deploy.Release{Repo: tea, Service: "tea", SHA: teaSHA(7)}}
	x.keep(t, bot.Plan{Docs: []bot.Doc{deploy.Slot{Key: deploy.SlotKey(tea, "tea", "production"), Live: &live, Good: []deploy.Placed{live}, Bad: []bot.SHA{teaSHA(1), "abcdef1" + teaSHA(2)[7:]}}}})
	return x
}

func TestGoodLiftsAVeto(t *testing.T) {
	x := withBad(t)
	refused := answer(x.says(t, 1, "/deploy canary"))
	if !strings.Contains(refused, "not_bad") || !strings.Contains(refused, "/good canary @"+teaSHA(1).Short()) {
		t.Fatalf("it does not say how the veto is lifted: %s", refused)
	}
	plan := x.says(t, 1, "/good canary @"+string(teaSHA(1))+" the load balancer was at fault")
	if got := answer(plan); !strings.Contains(got, "may go to production again: `the load balancer was at fault`") || !strings.Contains(got, "/deploy canary @"+string(teaSHA(1))) {
		t.Errorf("it says %s", got)
	}
	var cleared bot.Fact
	for _, f := range plan.Facts {
		if f.Kind == "release.cleared" {
			cleared = f
		}
	}
	if cleared.By != "@ann" || !strings.Contains(string(cleared.Data), "the load balancer was at fault") {
		t.Errorf("the ledger learns %+v", cleared)
	}
	if s, _ := x.slot(t); s.IsBad(teaSHA(1)) || len(s.Bad) != 1 {
		t.Errorf("refused are %v", s.Bad)
	}
	if plan := x.says(t, 1, "/deploy canary"); len(orders(plan)) != 1 {
		t.Errorf("it still does not begin: %s", answer(plan))
	}
}

func TestGoodIsNotGuessed(t *testing.T) {
	x := withBad(t)
	for command, want := range map[string]string{
		"/good":                          "Say which commit is good and where",
		"/good canary":                   "Say which commit is good and where",
		"/good @abcdef1":                 "Say which commit is good and where",
		"/good canary @abcdef1":          "```\n/good canary @abcdef1 the fault was in …\n```",
		"/good canary @7654321 really":   "None of the commits that are refused in production begin with 7654321",
		"/good canray @abcdef1 really":   "Did you mean canary?",
		"/good te:canary @abcdef1 truly": "There is no service `te`",
	} {
		if got := answer(x.says(t, 1, command)); !strings.Contains(got, want) {
			t.Errorf("%s: %s\nwant %s", command, got, want)
		}
	}
	if s, _ := x.slot(t); len(s.Bad) != 2 {
		t.Errorf("refused are %v", s.Bad)
	}
	x = withBad(t)
	x.roles["ann"] = bot.RoleRead
	if got := answer(x.says(t, 1, "/good canary @abcdef1 really")); !strings.Contains(got, "needs the role `write`") {
		t.Errorf("who may only read: %s", got)
	}
}
