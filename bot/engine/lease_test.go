package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// slowly hears one delivery whose handling and whose effect go on for as long
// as during does.
func slowly(t *testing.T, during func(*world, context.Context)) *world {
	t.Helper()
	w := newWorld(t, "check", false)
	w.does(check)
	w.during = func(ctx context.Context) { during(w, ctx) }
	w.peer.during = w.during
	w.hear("d1", "3 a")
	w.work()
	return w
}

// TestALeaseIsRenewed: work may last longer than its lease, and nobody takes
// it over meanwhile.
func TestALeaseIsRenewed(t *testing.T) {
	renewals := 0
	w := slowly(t, func(w *world, ctx context.Context) {
		for range 4 {
			w.clock.Pass(6 * time.Second)
			w.tick <- time.Time{}
			if err := <-w.leases.renewed; err != nil || ctx.Err() != nil {
				t.Errorf("not renewed: %v, %v", err, ctx.Err())
			}
			renewals++
			_, letter, _ := w.store.ClaimLetter(t.Context(), "another", time.Minute)
			_, task, _ := w.store.ClaimTask(t.Context(), "another", []string{"check"}, time.Minute)
			if letter || task {
				t.Errorf("another process took it over: letter %v, effect %v", letter, task)
			}
		}
	})
	w.expect("renewals", renewals, 8)
	w.expect("writes", w.peer.done[check.Key()], 1)
}

// TestWhoLosesTheLeaseIsCutOff before another process may begin, and it is
// done all the same.
func TestWhoLosesTheLeaseIsCutOff(t *testing.T) {
	calls := 0
	w := slowly(t, func(w *world, ctx context.Context) {
		if calls++; calls%2 == 0 {
			return
		}
		*w.leases.fails = errors.New("the database is gone")
		w.tick <- time.Time{}
		<-w.leases.renewed
		<-ctx.Done()
		*w.leases.fails = nil
		w.peer.fail = func(bot.Job) error { return ctx.Err() }
	})
	for range 2 { // once more after each that was cut off
		w.peer.fail = nil
		w.clock.Pass(time.Minute)
		w.work()
	}
	w.expect("attempts", calls, 4)
	w.expect("times seen", len(w.seen), 2)
	w.expect("leases lost", w.lost.Load(), 2)
	w.expect("writes", w.peer.done[check.Key()], 1)
}

// TestWhoWakesTooLateIsWrittenOver: it stood still in the middle of a request
// for longer than its lease; what is newer was written meanwhile, and then the
// old came over it.
func TestWhoWakesTooLateIsWrittenOver(t *testing.T) {
	w := newWorld(t, "check", false)
	newer := check
	newer.Title = "newer"
	var written []string
	w.peer.fail = func(job bot.Job) error {
		written = append(written, job.Effect.(bot.SetCheck).Title)
		if job.Beside {
			written = append(written, "(once)")
		}
		return nil
	}
	w.peer.during = func(context.Context) {
		w.peer.during = nil
		w.does(newer)
		w.hear("d2", "3 b")
		w.clock.Pass(16 * time.Second)
		w.work() // another does
		w.expect("written meanwhile", written, "[newer]")
	}
	w.does(check)
	w.hear("d1", "3 a")
	w.work()
	w.expect("written", written, "[newer t newer (once)]")
	w.does(newer)
	w.hear("d3", "3 c")
	w.work()
	w.expect("written at last", written, "[newer t newer (once)]")
	w.expect("leases lost", w.lost.Load(), 1)
	w.expect("told to observers", w.ends, "[done performing done]") // that the second was done is not what the store took
}

// TestWhoSavesTooLateIsTold: another has handled it meanwhile, and what is
// decided again saves nothing. Of a document that another saved nobody is told.
func TestWhoSavesTooLateIsTold(t *testing.T) {
	w := newWorld(t, "check", false)
	w.during = func(context.Context) {
		w.during = nil
		w.clock.Pass(16 * time.Second)
		w.work() // another does
	}
	w.does(check)
	w.hear("d1", "3 a")
	w.work()
	w.expect("times seen", len(w.seen), 2)
	w.expect("writes", w.peer.done[check.Key()], 1)
	w.expect("leases lost", w.lost.Load(), 1)
}
