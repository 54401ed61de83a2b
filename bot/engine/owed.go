package engine

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// mostOwed bounds what is owed, in effects: while it is so much nothing more is
// carried out, for nobody can write down what came of it.
const mostOwed = 1000

// owedAgain is the longest wait before the database is told again.
const owedAgain = time.Minute

// owed are effects that are to be written again, and of which the database was
// not told yet. One of a kind and key stands for all: the database looks itself
// what came last of them.
type owed struct {
	mu    sync.Mutex
	tasks []bot.Task
	came  chan struct{} // something is owed
}

func (o *owed) add(t bot.Task) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if slices.ContainsFunc(o.tasks, func(is bot.Task) bool { return is.Kind == t.Kind && is.Key == t.Key }) {
		return
	}
	t.Body, t.Receipt = nil, bot.Receipt{} // a thousand of them have a bound
	o.tasks = append(o.tasks, t)
	select {
	case o.came <- struct{}{}:
	default:
	}
}

// take takes the first out: what one loop tries to write holds no other up.
func (o *owed) take() (t bot.Task, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.tasks) == 0 {
		return t, false
	}
	t = o.tasks[0]
	o.tasks = o.tasks[1:]
	return t, true
}

func (o *owed) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.tasks)
}

// owe tells the database at once, if it can be told; else it is owed.
func (e *Engine) owe(ctx context.Context, t bot.Task) {
	if err := e.writeAgain(ctx, t); err != nil {
		e.owed.add(t)
	}
}

// writeAgain takes no longer than the renewal of a lease may.
func (e *Engine) writeAgain(ctx context.Context, t bot.Task) error {
	ctx, cancel := context.WithTimeout(ctx, e.o.Lease/3)
	defer cancel()
	err := e.o.Store.WriteAgain(ctx, t)
	if err != nil {
		e.o.Log.Warn("what another may have written over could not be put down to be written again; it will be tried again",
			"kind", t.Kind, "key", t.Key, "error", e.scrub(err.Error()))
	}
	return err
}

// writeOwed tells the database of what is owed, one after the other, until it
// takes one not: that is the last then, and keeps no other waiting.
func (e *Engine) writeOwed(ctx context.Context) (all bool) {
	for {
		t, ok := e.owed.take()
		if !ok {
			return true
		}
		if err := e.writeAgain(ctx, t); err != nil {
			e.owed.add(t)
			return false
		}
	}
}

// keepWritingOwed until ctx ends, in a loop of its own. A database that takes
// nothing is asked less and less often.
func (e *Engine) keepWritingOwed(ctx, work context.Context) {
	for tries := 0; ctx.Err() == nil; {
		came, later := e.owed.came, (<-chan time.Time)(nil)
		if e.writeOwed(work) {
			tries = 0
		} else {
			tries++
			came, later = nil, e.o.After(min(owedAgain, backoff(tries)))
		}
		select {
		case <-ctx.Done():
		case <-came:
		case <-later:
		}
	}
}

// writeOwedLast is for when all else has ended: nobody but this process knows
// what it owes, so each is tried once more.
func (e *Engine) writeOwedLast(ctx context.Context) {
	down, end := writing(ctx)
	defer end()
	for n := e.owed.count(); n > 0 && down.Err() == nil && !e.writeOwed(down); n-- {
	}
	if n := e.owed.count(); n > 0 {
		e.o.Log.Error("the process ends, and what another may have written over was not put down to be written again; it stands there until it changes", "effects", n)
	}
}
