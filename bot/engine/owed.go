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

// writeOwed tells the database. What it does not take stays owed.
func (e *Engine) writeOwed(ctx context.Context) error {
	e.owed.mu.Lock()
	defer e.owed.mu.Unlock()
	for len(e.owed.tasks) > 0 {
		if err := e.o.Store.WriteAgain(ctx, e.owed.tasks[0]); err != nil {
			return err
		}
		e.owed.tasks = e.owed.tasks[1:]
	}
	return nil
}
