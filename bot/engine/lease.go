package engine

import (
	"context"
	"errors"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
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
// called; nothing is renewed after it. It says whether the lease was lost by
// then, of which observers were told.
func (e *Engine) held(ctx context.Context, renew func(context.Context) error) (held context.Context, end func() (lost bool)) {
	held, cancel := context.WithTimeout(ctx, Attempt)
	ended, lost := make(chan struct{}), false
	go func() {
		defer close(ended)
		for on := true; on; {
			on, lost = e.renewed(held, renew)
		}
		cancel()
	}()
	return held, func() bool { cancel(); <-ended; return lost }
}

// renewed waits for a third of the lease and renews it. The work goes on, or
// the lease is lost, or neither: the work ended.
func (e *Engine) renewed(ctx context.Context, renew func(context.Context) error) (on, lost bool) {
	select {
	case <-ctx.Done():
		return false, false
	case <-e.o.After(e.o.Lease / 3):
	}
	within, cancel := context.WithTimeout(ctx, e.o.Lease/3)
	defer cancel()
	err := renew(within)
	if lost = err != nil && ctx.Err() == nil; lost {
		e.lost(ctx, err)
		e.o.Log.Warn("a lease could not be renewed; its work is cut off and will be tried again", "error", e.scrub(err.Error()))
	}
	return err == nil, lost
}

// lost tells observers that a lease was.
func (e *Engine) lost(ctx context.Context, err error) {
	_, ended := e.begin(ctx, Work{What: Losing})
	ended(Work{What: Losing}, err)
}

// ignoreLost: whose lease ran out has nothing to put back; another has it.
// Observers are told, unless they were when it could not be renewed.
func (e *Engine) ignoreLost(ctx context.Context, err error, told bool) error {
	if !errors.Is(err, bot.ErrConflict) {
		return err
	}
	if !told {
		e.lost(ctx, err)
	}
	return nil
}
