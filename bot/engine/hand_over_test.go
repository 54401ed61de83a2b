package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// endsWhile runs the engine until something is in hand that hangs, and tells it to
// end; it answers when it has.
func (w *world) endsWhile(hang *func(context.Context)) {
	w.Helper()
	ctx, stop := context.WithCancel(w.Context())
	defer stop()
	*hang = func(ctx context.Context) { stop(); <-ctx.Done() }
	w.engine.Run(ctx)
	*hang = nil
}

// What hangs when the process ends is put back, and the next one goes on at
// once: no lease is waited for, and nothing was lost or tried in vain.
func TestWhatHangsAtTheEndIsHandedOver(t *testing.T) {
	w := newWorld(t, "check", false)
	w.does(check)
	w.plan = func(bot.JudgeDue) (bot.Plan, error) { return bot.Plan{}, errors.New("cut off") }
	w.hear("d1", "3 a")
	w.endsWhile(&w.during)
	l, ok, err := w.store.Letter(t.Context(), "d1")
	if err != nil || !ok || l.State != bot.LetterReady || l.Tries != 0 {
		t.Errorf("the delivery is %s after %d tries (%v)", l.State, l.Tries, err)
	}

	w.does(check)
	w.peer.fail = func(bot.Job) error { return errors.New("cut off") }
	w.endsWhile(&w.peer.during)
	tasks, err := w.store.Tasks(t.Context(), bot.TaskWaiting, 10)
	if err != nil || len(tasks) != 1 || tasks[0].Tries != 0 {
		t.Errorf("waiting: %+v (%v)", tasks, err)
	}
	w.peer.fail = nil
	w.clock.Pass(time.Second) // it may have been on its way
	w.work()
	w.expect("handled", w.seen, "[a a]")
	w.expect("writes", w.peer.done[check.Key()], 1)
}

// An order that was cut off is asked about before it is given again.
func TestAnOrderThatHangsAtTheEndIsAskedAbout(t *testing.T) {
	w := newWorld(t, "stage.start", true)
	w.does(start)
	w.peer.confirm = func(string) (bool, error) { return true, nil }
	w.peer.lose = errors.New("cut off")
	w.hear("d1", "3 a")
	w.endsWhile(&w.peer.during)
	w.peer.lose = nil
	w.clock.Pass(time.Second)
	w.work()
	w.expect("orders", w.peer.done[start.Key()], 1)
	w.expect("heard", w.seen, "[a settled done ]")
}

// What comes to its end within the grace is done: nobody cuts it off.
func TestWhatEndsInTimeIsDone(t *testing.T) {
	w := newWorld(t, "check", false)
	w.does(check)
	w.hear("d1", "3 a")
	ctx, stop := context.WithCancel(t.Context())
	w.peer.during = func(during context.Context) {
		stop()
		if during.Err() != nil {
			t.Error("it was cut off at once")
		}
	}
	w.engine.Run(ctx)
	tasks, err := w.store.Tasks(t.Context(), bot.TaskDone, 10)
	if err != nil || len(tasks) != 1 {
		t.Errorf("%d effects are known to be done (%v)", len(tasks), err)
	}
}
