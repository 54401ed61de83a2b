package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// Status tells of every branch whose checks were seen, and of no other
// repository's.
func TestStatusTellsOfEveryBranch(t *testing.T) {
	k := newDesk()
	k.keep(t, bot.Plan{Docs: []bot.Doc{settingsDoc{Repo: tea, Good: []byte("x"), HasGood: true}}})
	ask := func() string { return answer(k.says(t, teaTime, "rudi", 1, "/status")) }
	if got := ask(); !strings.Contains(got, "- nothing is known against `main`; not all that decides has finished there\n") {
		t.Errorf("nothing was seen: %s", got)
	}
	other := bot.RepoRef{Installation: tea.Installation, ID: 90, Name: "acme/other"}
	k.keep(t, bot.Plan{Docs: []bot.Doc{
		policies.Build{Repo: tea, Branch: "main", Health: policies.Green},
		policies.Build{Repo: tea, Branch: "next", Health: policies.Unknown},
		policies.Build{Repo: tea, Branch: "release/@acme", Health: policies.Red, Causes: []policies.Cause{{Check: "unit", SHA: teaSHA(7)}}},
		policies.Build{Repo: other, Branch: "theirs", Health: policies.Red},
	}})
	got := ask()
	for _, line := range []string{"- `main` is green\n", "- `release/@acme` is red: `unit fails since 0000000`\n", "- nothing is known against `next`"} {
		if !strings.Contains(got, line) {
			t.Errorf("it does not say %q: %s", line, got)
		}
	}
	if strings.Contains(got, "theirs") || strings.Contains(got, "against `main`") {
		t.Errorf("it says too much: %s", got)
	}
}

// What is live may be so for weeks: the day is said too.
func TestStatusSaysTheDay(t *testing.T) {
	k := newDesk()
	staging := teaSettings().Pipeline.Stages[0]
	k.keep(t, bot.Plan{Docs: []bot.Doc{
		settingsDoc{Repo: tea, Good: []byte("x"), HasGood: true},
		deploy.Slot{Key: deploy.SlotKey(tea, "tea", staging.Environment), Live: &deploy.Placed{At: teaTime.Add(-200 * time.Hour), Release: deploy.Release{Repo: tea, Service: "tea", SHA: teaSHA(3)}}},
	}})
	if got := answer(k.says(t, teaTime, "rudi", 1, "/status")); !strings.Contains(got, "live since 1 Mar 08:00 UTC") {
		t.Errorf("it says %s", got)
	}
}

// The headline says that a finished canary waits; it is not said again below.
func TestARestingCanarySaysOnceThatItWaits(t *testing.T) {
	r := deploy.Rollout{State: deploy.Resting, Why: "waits for promotion", Stage: deploy.Stage{Name: "canary", Steps: []deploy.WeightStep{{Weight: 50}}}}
	view := viewOf(r, deploy.Pipeline{}, nil, goodBefore)
	if said := view.Comment(); strings.Count(strings.ToLower(said), "waits for promotion") != 1 {
		t.Errorf("it says %s", said)
	}
	r.Why = "nobody promoted it for 3 h"
	if view = viewOf(r, deploy.Pipeline{}, nil, goodBefore); view.Why != r.Why {
		t.Errorf("what the headline does not say is lost: %+v", view)
	}
}
