package handlers

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// full has no place, or any number of them.
type full struct {
	is     bool
	asked  []string
	inside int
}

func (f *full) Enter(names ...string) (func(), error) {
	f.asked = append(f.asked, names...)
	if f.is {
		return nil, bot.RetryAfter{After: time.Second, Err: errors.New("full")}
	}
	f.inside++
	return func() { f.inside-- }, nil
}

// While too many wait for whom a rollout is to ask, nothing is asked and the
// rollout learns nothing: the same is tried again.
func TestWhoFindsNoPlaceAsksNobody(t *testing.T) {
	x := newStreet()
	x.live(t, 1)
	x.says(t, 2, "/deploy canary")
	for range 40 {
		x.pass(t, 5*time.Second)
	}
	f := &full{is: true}
	h := x.handlers()
	h.Places, h.Stages, h.Production = f, nil, nil // who asked them would panic
	due := 0
	for _, timer := range x.timers {
		e, ok := timer.Event.(bot.RolloutDue)
		if !ok || e.What != "window" {
			continue
		}
		due++
		d := bot.Delivery[bot.RolloutDue]{ID: "due", At: x.now.Add(time.Minute), Event: e}
		if plan, err := h.rolloutDue(t.Context(), d); !errors.As(err, &bot.RetryAfter{}) || len(plan.Docs) > 0 {
			t.Errorf("without a place: %+v, %v", plan, err)
		}
		f.is, h.Production = false, x
		if plan, err := h.rolloutDue(t.Context(), d); err != nil || len(plan.Docs) == 0 || f.inside != 0 {
			t.Errorf("with a place: %+v, %v, and %d are inside still", plan, err, f.inside)
		}
	}
	if due != 1 || !slices.Equal(f.asked, []string{"source prom", "source prom"}) {
		t.Errorf("%d looks were due, for which places were taken at %v", due, f.asked)
	}
}
