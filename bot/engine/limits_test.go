package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Who is cut off before the lease ends cannot be at work when another process
// takes the work over.
func TestAnAttemptEndsWellBeforeItsLease(t *testing.T) {
	w := newWorld(t, "check", false)
	w.does(check)
	left := map[string]time.Duration{}
	note := func(what string) func(context.Context) {
		return func(ctx context.Context) {
			end, ok := ctx.Deadline()
			if !ok {
				t.Errorf("a %s may take for ever", what)
			}
			left[what] = time.Until(end)
		}
	}
	w.during, w.peer.during = note("letter"), note("task")
	w.hear("d1", "3 a")
	w.work()
	for _, what := range []string{"letter", "task"} {
		if lease := w.leases[what]; lease == 0 || left[what] == 0 || left[what] > lease-5*time.Second {
			t.Errorf("a %s may take %v of a lease of %v", what, left[what], lease)
		}
	}
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
