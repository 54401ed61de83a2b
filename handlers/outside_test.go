package handlers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// reported tells of a deployment that somebody else made.
func (x *street) reported(t testing.TB, id int64, n int) bot.Plan {
	x.now = x.now.Add(time.Second)
	return x.tell(t, bot.DeploymentReported{Repo: tea, ID: id, SHA: teaSHA(n), Environment: "production", State: bot.Success, At: x.now})
}

// retired are the deployments that were shown as replaced, in order.
func (x *street) retired() (list []string) {
	for _, e := range x.done {
		if m, ok := e.(bot.MirrorRollout); ok && m.State == "inactive" && m.Description != "the next stage took over" {
			list = append(list, fmt.Sprintf("%s%d %s", m.Rollout, m.Deployment, m.Description))
		}
	}
	return list
}

// What ran before our first rollout is no longer live after it, and ours is no
// longer after one of somebody else.
func TestWhatIsReplacedIsInactive(t *testing.T) {
	x := newStreet()
	x.reported(t, 77, 9)
	x.live(t, 1)
	if got, want := x.retired(), []string{"77 replaced by " + teaSHA(1).Short()}; !slices.Equal(got, want) {
		t.Fatalf("retired %q, want %q", got, want)
	}
	x.live(t, 2)
	slot, _ := x.slot(t)
	x.reported(t, 78, 3)
	ours := deploy.RolloutID(slot.Key, 2)
	want := []string{"77 replaced by " + teaSHA(1).Short(), ours + "0 replaced by " + teaSHA(2).Short(), slot.Live.Rollout + "0 replaced by " + teaSHA(3).Short()}
	if got := x.retired(); !slices.Equal(got, want) {
		t.Errorf("retired %q, want %q", got, want)
	}
}

// One deployment of somebody else may have brought several services: it stays
// until none of them runs from it.
func TestADeploymentOfSeveralServicesStaysWhileOneRunsFromIt(t *testing.T) {
	x := newStreet()
	x.services = []deploy.Service{{Name: "tea"}, {Name: "cups"}}
	x.reported(t, 77, 9)
	x.liveAt(t, 1, "tea:")
	if got := x.retired(); len(got) != 0 {
		t.Fatalf("cups still run from it, and it is retired: %q", got)
	}
	x.liveAt(t, 2, "cups:")
	if got, want := x.retired(), []string{"77 replaced by " + teaSHA(2).Short()}; !slices.Equal(got, want) {
		t.Errorf("retired %q, want %q", got, want)
	}
}

// What somebody else brought soaks as ours does: until then it holds
// production, and a rollback goes to what was good before it.
func TestWhatSomebodyElseBroughtSoaks(t *testing.T) {
	x := newStreet()
	x.edit = func(p *deploy.Pipeline) { p.Stages[1].Soak = 10 * time.Minute }
	x.reported(t, 77, 9)
	x.pass(t, 10*time.Minute)
	x.reported(t, 78, 8)
	if slot, _ := x.slot(t); len(slot.Good) != 1 || slot.Good[0].Release.SHA != teaSHA(9) {
		t.Fatalf("known good are %+v, want what was live for ten minutes", slot.Good)
	}
	if plan := x.says(t, 1, "/deploy canary"); len(orders(plan)) != 0 || !strings.Contains(answer(plan), teaSHA(8).Short()+" is live in production and soaks until") {
		t.Fatalf("ours starts before it soaked: %+v, %s", orders(plan), answer(plan))
	}
	if plan := x.says(t, 1, "/rollback production"); len(orders(plan)) != 1 || orders(plan)[0].SHA != teaSHA(9) {
		t.Errorf("a rollback brings %+v: %s", orders(plan), answer(plan))
	}
	again := newStreet()
	again.edit = x.edit
	again.reported(t, 77, 9)
	again.pass(t, 10*time.Minute)
	again.live(t, 1)
	if plan := again.says(t, 1, "/rollback production"); len(orders(plan)) != 1 || orders(plan)[0].SHA != teaSHA(9) {
		t.Errorf("when it soaked, a rollback of ours brings %+v: %s", orders(plan), answer(plan))
	}
}
