package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Nobody may be at work for ever.
func TestAnAttemptEnds(t *testing.T) {
	w := newWorld(t, "check", false)
	w.does(check)
	ends := 0
	note := func(ctx context.Context) {
		if _, ok := ctx.Deadline(); ok {
			ends++
		}
	}
	w.during, w.peer.during = note, note
	w.hear("d1", "3 a")
	w.work()
	w.expect("attempts that end", ends, 2)
}

// stopped makes one step of an engine that is told to stop in the middle of an
// attempt.
func stopped(t *testing.T, w *world) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	w.peer.during = func(context.Context) { stop() }
	for ctx.Err() == nil {
		if worked, err := w.engine.Step(ctx); err != nil || !worked {
			t.Fatalf("worked %v, %v", worked, err)
		}
	}
	w.peer.during = nil
}

func TestWhatWasDoneIsWrittenDownWhileStopping(t *testing.T) {
	w := newWorld(t, "check", false)
	w.does(check)
	w.hear("d1", "3 a")
	stopped(t, w)
	tasks, err := w.store.Tasks(t.Context(), bot.TaskDone, 10)
	if err != nil || len(tasks) != 1 {
		t.Errorf("%d effects are known to be done (%v)", len(tasks), err)
	}
	w.clock.Pass(time.Hour)
	w.work()
	w.expect("writes", w.peer.done[check.Key()], 1)
}

func TestWhatWasCutOffByStoppingIsTakenUpAgain(t *testing.T) {
	w := newWorld(t, "check", false)
	w.does(check)
	w.hear("d1", "3 a")
	w.peer.fail = func(bot.Job) error { return errors.New("cut off") }
	stopped(t, w)
	w.peer.fail = nil
	w.work()
	w.expect("writes before the lease has run out", w.peer.done[check.Key()], 0)
	w.clock.Pass(time.Minute)
	w.work()
	w.expect("writes", w.peer.done[check.Key()], 1)
}
