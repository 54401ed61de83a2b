package handlers

import (
	"fmt"
	"slices"
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
