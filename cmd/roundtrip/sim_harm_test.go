package main

import (
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/sim"
)

// harmedWithin is in how many histories a broken promise must be noticed.
const harmedWithin = 1000

// harms are promises that are broken, each by itself: a simulator that notices
// none of them proves nothing when it finds nothing.
var simHarms = []struct {
	name string
	seed uint64 // of a history in which it is noticed
	harm func(*sim.Cast)
}{
	{"a webhook is accepted before it is stored", 7, inStore(func(s sim.Store) sim.Store { return &ackFirst{Store: s} })},
	{"webhooks of comments are accepted and forgotten", 1, inStore(func(s sim.Store) sim.Store { return forgetful{s} })},
	{"a repeat is heard as news", 1, inStore(func(s sim.Store) sim.Store { return repeating{s} })},
	{"what was missed is never asked for", 1, inStore(func(s sim.Store) sim.Store { return allKnown{s} })},
	{"a plan is saved in two halves", 4, inStore(func(s sim.Store) sim.Store { return &halves{Store: s} })},
	{"work is taken from who is at it", 6, inStore(func(s sim.Store) sim.Store { return noLease{s} })},
	{"what a dead server held is never taken over", 3, inStore(func(s sim.Store) sim.Store { return longLease{s} })},
	{"an effect is done before it is carried out", 1, inStore(func(s sim.Store) sim.Store { return doneFirst{s} })},
	{"an effect that fails once is given up", 10, inStore(func(s sim.Store) sim.Store { return impatient{s} })},
	{"an older effect is written over a newer one", 3, inStore(func(s sim.Store) sim.Store { return stale{s} })},
	{"leases end by the clock of a server that is behind", 34, inStore(func(s sim.Store) sim.Store { return ownClock{s} })},
	{"timers are forgotten", 3, inStore(func(s sim.Store) sim.Store { return &noTimers{Store: s} })},
	{"what was written is not remembered", 2, inStore(func(s sim.Store) sim.Store { return noReceipts{s} })},
	{"our own comments are not known again", 12, onLine(func(r request) bool { return r.get("/comments") })},
	{"our own deployments are not known again", 3, onLine(func(r request) bool { return r.get("/deployments") && r.ofGitHub() })},
	{"whoever wakes too late does not say so", 81, inStore(func(s sim.Store) sim.Store { return silent{s} })},
	{"a clock that was set back is waited for", 52, waiting},
	{"an interrupted order is given again without a look", 87, inLanes},
}

// TestHarmIsNoticed: each broken promise is noticed, in a history in which
// nothing is to be noticed without it. The seed in the list is tried first; when
// histories have become others, the test looks for another and says which.
func TestHarmIsNoticed(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes a while")
	}
	for _, h := range simHarms {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			harmed := simulated()
			h.harm(&harmed)
			for _, seed := range append([]uint64{h.seed}, upTo(harmedWithin)...) {
				r := must[sim.Result](t)(harmed.Play(t.Context(), sim.Write(seed), false))
				if len(r.Wrong) == 0 {
					continue
				}
				t.Logf("seed %d: %.300q", seed, r.Wrong)
				if r := must[sim.Result](t)(simulated().Play(t.Context(), sim.Write(seed), false)); len(r.Wrong) > 0 {
					t.Errorf("without it seed %d fails, too: %q", seed, r.Wrong)
				}
				return
			}
			t.Errorf("nobody noticed in %d histories", harmedWithin)
		})
	}
}

func upTo(n uint64) (seeds []uint64) {
	for seed := range n {
		seeds = append(seeds, seed+1)
	}
	return seeds
}

func inStore(harm func(sim.Store) sim.Store) func(*sim.Cast) {
	return func(c *sim.Cast) { c.Harm = harm }
}
