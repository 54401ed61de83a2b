package engine

import (
	"context"
	"errors"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Grace is how long what is in hand may go on when a process is to end. Then
// it is cut off and handed over: whoever comes next need not wait for a lease.
const Grace = time.Second

// writeWithin is how long it may take then to write down what became of it.
const writeWithin = 250 * time.Millisecond

// again is when a request that was cut off is made again, as after one that
// timed out: it may be on its way still.
const again = time.Second

var errHandOver = errors.New("the process ended; this was cut off and goes on in the next one")

// graceful is ctx for work: when ctx ends it goes on for grace, and then ends
// since it is to be handed over. end must be called.
func graceful(ctx context.Context, grace time.Duration) (work context.Context, end func()) {
	work, cut := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-work.Done():
		case <-time.After(grace): // by the clock of whoever waits for our end
			cut(errHandOver)
		}
	})
	return work, func() { stop(); cut(nil) }
}

func handsOver(ctx context.Context) bool { return context.Cause(ctx) == errHandOver } //nolint:errorlint // it is this one

// writing is ctx for writing down what was done: it outlives work that is cut
// off, where that is handed over for a moment only.
func writing(ctx context.Context) (down context.Context, end func()) {
	down, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if !handsOver(ctx) {
			return
		}
		select {
		case <-down.Done():
		case <-time.After(writeWithin):
			cancel()
		}
	})
	return down, func() { stop(); cancel() }
}

// handOver puts a letter back that was cut off. That uses no try up: nothing
// failed.
func (e *Engine) handOver(ctx context.Context, l bot.Letter) error {
	ctx, end := writing(ctx)
	defer end()
	return e.handedOver(ctx, e.o.Store.RetryLetter(ctx, l, time.Time{}, errHandOver.Error(), nil))
}

// handOverTask puts an effect back that was cut off. Whoever takes it up looks
// first, as after any attempt of which nobody knows the end.
func (e *Engine) handOverTask(ctx context.Context, t bot.Task) error {
	ctx, end := writing(ctx)
	defer end()
	now, err := e.o.Store.Now(ctx)
	if err == nil {
		_, err = e.o.Store.RetryTask(ctx, t, now.Add(again), errHandOver.Error())
	}
	if errors.Is(err, bot.ErrConflict) && !t.Order {
		e.owe(ctx, t) // as in attempt
	}
	return e.handedOver(ctx, err)
}

func (e *Engine) handedOver(ctx context.Context, err error) error {
	if err = e.ignoreLost(ctx, err, true); err != nil {
		e.o.Log.Warn("what was cut off could not be put back; it goes on when its lease has run out", "error", e.scrub(err.Error()))
	}
	return err
}
