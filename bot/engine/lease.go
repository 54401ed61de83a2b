package engine

import (
	"context"
	"time"
)

// What is taken up is leased for a short while, so that the work of a process
// that died is soon another's, and the lease is renewed while the work goes on.
const usualLease = 15 * time.Second

// Attempt is how long one attempt at a delivery or an effect may take; then it
// is cut off, and tried again.
const Attempt = 20 * time.Second

// held is the time in which work that was taken may go on: until the attempt
// takes too long, or its lease cannot be renewed. That is tried after each
// third of it for at most another third, so that whoever loses the lease has
// been cut off for a third of it before another process may begin. end must be
// called; nothing is renewed after it.
func (e *Engine) held(ctx context.Context, renew func(context.Context) error) (held context.Context, end func()) {
	held, cancel := context.WithTimeout(ctx, Attempt)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for e.renewed(held, renew) {
		}
		cancel()
	}()
	return held, func() { cancel(); <-ended }
}

// renewed waits for a third of the lease and renews it.
func (e *Engine) renewed(ctx context.Context, renew func(context.Context) error) bool {
	select {
	case <-ctx.Done():
		return false
	case <-e.o.After(e.o.Lease / 3):
	}
	within, cancel := context.WithTimeout(ctx, e.o.Lease/3)
	defer cancel()
	err := renew(within)
	if err != nil && ctx.Err() == nil {
		_, ended := e.begin(ctx, Work{What: Losing})
		ended(Work{What: Losing}, err)
		e.o.Log.Warn("a lease could not be renewed; its work is cut off and will be tried again", "error", e.scrub(err.Error()))
	}
	return err == nil
}
