package engine

import (
	"context"
	"sync"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// owed are effects that are to be written again, and of which the database was
// not told yet.
type owed struct {
	mu    sync.Mutex
	tasks []bot.Task
}

func (e *Engine) owe(t bot.Task) {
	e.owed.mu.Lock()
	defer e.owed.mu.Unlock()
	e.owed.tasks = append(e.owed.tasks, t)
}

// take takes all out: what one loop tries to write holds no other up.
func (o *owed) take() []bot.Task {
	o.mu.Lock()
	defer o.mu.Unlock()
	tasks := o.tasks
	o.tasks = nil
	return tasks
}

// putBack puts tasks before what came to be owed meanwhile.
func (o *owed) putBack(tasks []bot.Task) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tasks = append(tasks, o.tasks...)
}

// writeOwed tells the database, as long as the renewal of a lease may take for
// each. What it does not take stays owed, and keeps nothing else waiting.
func (e *Engine) writeOwed(ctx context.Context) {
	var failed []bot.Task
	for _, t := range e.owed.take() {
		within, cancel := context.WithTimeout(ctx, e.o.Lease/3)
		err := e.o.Store.WriteAgain(within, t)
		cancel()
		if err == nil {
			continue
		}
		failed = append(failed, t)
		e.o.Log.Warn("what another may have written over could not be put down to be written again; it will be tried again",
			"kind", t.Kind, "key", t.Key, "error", e.scrub(err.Error()))
	}
	if len(failed) > 0 {
		e.owed.putBack(failed)
	}
}
