package engine_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
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
// done, though they are not; they are later, in their order.
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
	*w.leases.again = func(_ context.Context, task bot.Task) error { order = append(order, task.Key); return nil }
	w.work()
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
