package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
)

// wakesTooLate writes the effects, each under a lease that is lost meanwhile, so that all
// are to be written again; before is what the database does about each first.
func (w *world) wakesTooLate(before func(context.Context, bot.Task) error, effects ...bot.Effect) {
	w.Helper()
	slept := map[string]bool{}
	*w.leases.again = before
	w.peer.fail = func(job bot.Job) error {
		if key := job.Effect.Key(); !slept[key] {
			slept[key] = true
			w.clock.Pass(16 * time.Second)
			w.work() // another does
		}
		return nil
	}
	w.does(effects...)
	w.hear("d1", "3 a")
	w.work()
}

var (
	other = bot.SetCheck{Repo: repo, SHA: "def", Name: "n", Title: "t"}
	third = bot.SetCheck{Repo: repo, SHA: "fed", Name: "n", Title: "t"}
)

// TestWhatIsOwedIsWrittenLater: whoever wakes too late finds the database away
// for two of three. The other is put down at once, and what else is to be done is
// done, though they are not; they are later.
func TestWhatIsOwedIsWrittenLater(t *testing.T) {
	w := newWorld(t, "check", false)
	var owed []string
	w.wakesTooLate(func(_ context.Context, task bot.Task) error {
		if task.Key == other.Key() {
			return nil
		}
		if !slices.Contains(owed, task.Key) {
			owed = append(owed, task.Key)
		}
		return errors.New("the database is gone")
	}, check, third, other)
	w.expect("writes of what is not put down", w.peer.done[check.Key()]+w.peer.done[third.Key()], 4)
	w.expect("writes of the other", w.peer.done[other.Key()], 3)
	fourth := check
	fourth.SHA = "fee"
	w.peer.fail = nil
	w.does(fourth)
	w.hear("d2", "3 b")
	w.work()
	w.expect("writes of what came meanwhile", w.peer.done[fourth.Key()], 1)
	var order []string
	*w.leases.again = func(_ context.Context, task bot.Task) error {
		order = append(order, task.Key)
		if len(task.Body) > 0 || task.Receipt != (bot.Receipt{}) {
			t.Errorf("what was written is kept with what is owed: %s, %+v", task.Body, task.Receipt)
		}
		return nil
	}
	w.work()
	slices.Sort(order)
	slices.Sort(owed)
	w.expect("put down", order, owed)
	w.expect("writes", w.peer.done[check.Key()]+w.peer.done[third.Key()], 6)
}

// TestWhatIsOwedHoldsNobodyUp: a database that does not answer about it is
// waited for by one loop, for a while; the others work.
func TestWhatIsOwedHoldsNobodyUp(t *testing.T) {
	w := newWorld(t, "check", false)
	asked := 0
	w.wakesTooLate(func(ctx context.Context, _ bot.Task) error {
		if asked++; asked > 1 {
			return nil
		}
		if _, ends := ctx.Deadline(); !ends {
			t.Error("it is waited for without an end")
		}
		w.peer.fail = nil
		w.does(other)
		w.hear("d2", "3 b")
		w.work() // another loop does
		w.expect("writes meanwhile", w.peer.done[other.Key()], 1)
		return context.DeadlineExceeded
	}, check)
	w.expect("writes", w.peer.done[check.Key()], 3)
}

// TestWhoIsGoneMayHaveSentIt: it stood still, wakes after another did its work,
// sends its one request and is killed before it says so. Nobody knows, but the next
// write looks what stands beside it, once, though it says the same.
func TestWhoIsGoneMayHaveSentIt(t *testing.T) {
	w := newWorld(t, "check", false)
	w.does(check)
	var beside []bool
	w.peer.fail = func(job bot.Job) error { beside = append(beside, job.Beside); return nil }
	w.hear("d1", "3 a")
	w.sort()
	w.sort() // it is handled
	w.die(1, 16*time.Second)
	for _, id := range []string{"d2", "d3", "d4"} {
		w.work()
		w.hear(id, "3 b")
	}
	w.work()
	w.expect("looks", beside, "[false true]")
}

var errGone = errors.New("the database is gone")

// TestWhatIsOwedAtTheEndIsWrittenLast: nobody but the process that ends knows of it.
func TestWhatIsOwedAtTheEndIsWrittenLast(t *testing.T) {
	w := newWorld(t, "check", false)
	w.does(check)
	w.hear("d1", "3 a")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	*w.leases.ended = errGone
	told := 0
	*w.leases.again = func(context.Context, bot.Task) error {
		if told++; told > 1 {
			return nil
		}
		stop()
		return errGone
	}
	w.engine.Run(ctx)
	w.expect("times the database was told", told, 2)
	*w.leases.ended = nil
	w.clock.Pass(time.Minute)
	w.work()
	w.expect("writes", w.peer.done[check.Key()], 2)
	if log := w.log.String(); strings.Contains(log, "was not put down") {
		t.Error(log)
	}
}

// TestWhatIsStillOwedAtTheEndIsSaid, and keeps nobody from ending.
func TestWhatIsStillOwedAtTheEndIsSaid(t *testing.T) {
	w := newLongWorld(t, "check", false)
	w.does(check)
	w.hear("d1", "3 a")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	*w.leases.ended = errGone
	*w.leases.again = func(context.Context, bot.Task) error { stop(); return errGone }
	w.engine.Run(ctx)
	if log := w.log.String(); !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "was not put down to be written again") || !strings.Contains(log, "effects=1") {
		t.Error(log)
	}
}

// TestNotMoreIsDoneThanCanBeOwed: while too much is owed nothing is carried out,
// and each is owed once, however often it was done.
func TestNotMoreIsDoneThanCanBeOwed(t *testing.T) {
	w := newLongWorld(t, "check", false)
	var many []bot.Effect
	for i := range 1005 {
		e := check
		e.SHA = bot.SHA(fmt.Sprint(i))
		many = append(many, e)
	}
	w.does(many...)
	told, gone := map[string]int{}, true
	*w.leases.again = func(_ context.Context, task bot.Task) error {
		if gone {
			return errGone
		}
		told[task.Key]++
		return nil
	}
	*w.leases.ended = errGone
	w.hear("d1", "3 a")
	steps := func(n int) {
		for range n {
			_, err := w.engine.Step(t.Context())
			if err != nil && !errors.Is(err, errGone) {
				t.Fatal(err)
			}
		}
	}
	steps(500)
	w.clock.Pass(time.Minute) // these are done again
	steps(1600)
	w.expect("done", len(w.peer.done), 1000)
	gone, *w.leases.ended = false, nil
	w.clock.Pass(time.Minute)
	steps(1)
	most := 0
	for _, n := range told {
		most = max(most, n)
	}
	w.expect("told, and how often each", []int{len(told), most}, []int{1000, 1})
	w.clock.Pass(time.Minute)
	steps(1100)
	w.expect("done", len(w.peer.done), 1005)
}

// TestWhatIsOwedIsToldLessAndLess: a database that takes nothing is not asked
// with each look for work, and has all when it is back.
func TestWhatIsOwedIsToldLessAndLess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newLongWorld(t, "check", false)
		var asked, told atomic.Int32
		var back atomic.Bool
		*w.leases.again = func(context.Context, bot.Task) error {
			if asked.Add(1); !back.Load() {
				return errGone
			}
			told.Add(1)
			return nil
		}
		*w.leases.ended = errGone
		o := w.options
		o.After = time.After
		w.does(check)
		w.hear("d1", "3 a")
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { engine.New(o).Run(ctx) })
		time.Sleep(10 * time.Minute)
		if n := asked.Load(); n < 10 || n > 20 {
			t.Errorf("in ten minutes it was told %d times", n)
		}
		back.Store(true)
		time.Sleep(time.Minute)
		w.expect("told", told.Load(), 1)
		stop()
		running.Wait()
	})
}
