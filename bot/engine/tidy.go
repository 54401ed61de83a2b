package engine

import (
	"context"
	"errors"
	"time"
)

// How often a process tidies up, and how much at once: the one who writes is
// not held up for long.
const (
	tidyEvery = time.Hour
	tidyBatch = 500
)

// Tidy forgets what was sent with deliveries, and what was written as effects,
// that were done with longer ago than Options.Keep, and answers how many there
// were. Lines that stand still since nobody is known to be first go on first.
func (e *Engine) Tidy(ctx context.Context) (forgotten int, err error) {
	stood, err := e.o.Store.LineUp(ctx)
	if stood > 0 {
		e.o.Log.Warn("what waited behind something that is over goes on; does a server of an older version share the database?", "lines", stood)
	}
	if e.o.Keep <= 0 {
		return 0, err
	}
	forgotten, failed := e.forget(ctx) // whether or not the lines could be looked at
	return forgotten, errors.Join(err, failed)
}

func (e *Engine) forget(ctx context.Context) (forgotten int, err error) {
	now, err := e.o.Store.Now(ctx)
	if err != nil {
		return 0, err
	}
	for {
		n, err := e.o.Store.Forget(ctx, now.Add(-e.o.Keep), tidyBatch)
		forgotten += n
		if err != nil || n < tidyBatch {
			return forgotten, err
		}
	}
}

// keepTidy tidies at once and then again and again, until ctx ends.
func (e *Engine) keepTidy(ctx context.Context) {
	for ctx.Err() == nil {
		if _, err := e.Tidy(ctx); err != nil && ctx.Err() == nil {
			e.o.Log.Error("it could not be tidied up; it will be tried again", "error", e.scrub(err.Error()))
		}
		select {
		case <-ctx.Done():
		case <-time.After(tidyEvery):
		}
	}
}
