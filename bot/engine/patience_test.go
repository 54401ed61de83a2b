package engine_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var (
	badGateway = bot.Away{Who: "GitHub", Err: errors.New("502")}
	tooMany    = bot.RetryAfter{After: 20 * time.Second, Err: bot.Away{Who: "GitHub", Err: errors.New("429")}}
	farTooMany = bot.RetryAfter{After: 15 * time.Minute, Err: errors.New("429")}
)

// inVain is something that fails some times with first, then with last until
// a while has passed from now.
func (w *world) inVain(first error, times int, last error, until time.Duration) func() error {
	end, n := w.clock.At.Add(until), 0
	return func() error {
		if n++; n <= times {
			return first
		}
		if w.clock.At.Before(end) {
			return last
		}
		return nil
	}
}

// What does not use up the tries of a delivery: waits that were asked for, and
// conflicts within a moment.
func TestADeliveryIsNotGivenUpBeforeItsTime(t *testing.T) {
	for name, first := range map[string]error{
		"asked to wait": tooMany, "conflicts": fmt.Errorf("save: %w", bot.ErrConflict),
	} {
		t.Run(name, func(t *testing.T) {
			w := newLongWorld(t, "check", false)
			try := w.inVain(first, 25, badGateway, 2*time.Hour)
			w.plan = func(bot.JudgeDue) (bot.Plan, error) { return bot.Plan{Effects: []bot.Effect{check}}, try() }
			w.hear("d1", "3 a")
			w.pass(3 * time.Hour)
			w.expect("writes", w.peer.done[check.Key()], 1)
		})
	}
}

// Waits that were asked for may be longer than the tries last: the first
// failure after them is the first.
func TestAskedToWaitForHoursIsNoFailure(t *testing.T) {
	w := newLongWorld(t, "check", false)
	try := w.inVain(farTooMany, 24, errors.New("what?"), 7*time.Hour)
	w.plan = func(bot.JudgeDue) (bot.Plan, error) { return bot.Plan{Effects: []bot.Effect{check}}, try() }
	w.hear("d1", "3 a")
	w.pass(8 * time.Hour)
	w.expect("writes", w.peer.done[check.Key()], 1)
}

func TestAnEffectThatWasAskedToWaitHasAllItsTries(t *testing.T) {
	w := newLongWorld(t, "check", false)
	w.does(check)
	try := w.inVain(farTooMany, 40, errors.New("what?"), 12*time.Hour)
	w.peer.fail = func(bot.Job) error { return try() }
	w.hear("d1", "3 a")
	w.pass(13 * time.Hour)
	w.expect("writes", w.peer.done[check.Key()], 1)
}

// That nobody answered for long uses up none of the tries of an effect that then
// fails of itself.
func TestAnEffectWhosePeerWasAwayHasAllItsTries(t *testing.T) {
	w := newLongWorld(t, "check", false)
	w.does(check)
	try := w.inVain(badGateway, 60, errors.New("what?"), 16*time.Hour)
	w.peer.fail = func(bot.Job) error { return try() }
	w.hear("d1", "3 a")
	w.pass(17 * time.Hour)
	w.expect("writes", w.peer.done[check.Key()], 1)
}

// die takes work as a process does that ends at once, so often, each time
// after a while.
func (w *world) die(times int, after time.Duration) {
	w.Helper()
	for range times {
		_, letter, err := w.store.ClaimLetter(w.Context(), "dead", time.Second)
		if err == nil && !letter {
			_, _, err = w.store.ClaimTask(w.Context(), "dead", []string{w.peer.kind}, time.Second)
		}
		if err != nil {
			w.Fatal(err)
		}
		w.clock.Pass(after)
	}
}

func TestTheEndOfTheProcessUsesNoTriesUp(t *testing.T) {
	w := newLongWorld(t, "check", false)
	try := w.inVain(nil, 0, badGateway, 2*time.Hour)
	w.plan = func(bot.JudgeDue) (bot.Plan, error) { return bot.Plan{Effects: []bot.Effect{check}}, try() }
	w.hear("d1", "3 a")
	w.sort()
	w.die(40, 20*time.Second)
	w.pass(3 * time.Hour)
	w.expect("writes", w.peer.done[check.Key()], 1)
}

// sort steps once: what was heard stands in its subject's line.
func (w *world) sort() {
	w.Helper()
	if _, err := w.engine.Step(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func TestADeliveryThatEndsTheProcessIsLaidAside(t *testing.T) {
	w := newLongWorld(t, "check", false)
	w.does(check)
	w.hear("d1", "3 deadly")
	w.hear("d2", "3 good")
	w.sort()
	w.die(21, 10*time.Minute)
	w.work()
	w.expect("heard", w.seen, `[good d1 is given up after 22 tries, ""]`)
}

func TestAnEffectThatEndsTheProcessIsLaidAside(t *testing.T) {
	for state, e := range map[string]bot.Effect{bot.TaskFailed: check, bot.TaskDoubtful: start} {
		t.Run(state, func(t *testing.T) {
			w := newLongWorld(t, e.Kind(), true)
			w.does(e)
			w.hear("d1", "3 a")
			w.sort()
			w.sort() // it is handled
			w.die(21, 10*time.Minute)
			w.work()
			w.expect("writes", len(w.peer.done), 0)
			tasks, err := w.store.Tasks(t.Context(), state, 10)
			if err != nil || len(tasks) != 1 {
				t.Errorf("%+v (%v)", tasks, err)
			}
		})
	}
}
