package engine

import (
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Hear stores a delivery and returns once it is on disk; only then may it be
// acknowledged. It reports false for a repeat, which changes nothing. The
// body is not looked at.
func (e *Engine) Hear(ctx context.Context, source, id, name string, body []byte) (fresh bool, err error) {
	l := bot.Letter{ID: id, Source: source, Name: name, Body: body}
	err = e.observed(ctx, Work{What: Hearing, Letter: l}, func(ctx context.Context, w *Work) (err error) {
		w.Fresh, err = e.o.Store.Hear(ctx, l)
		fresh = w.Fresh
		return err
	})
	if fresh {
		e.wake()
	}
	return fresh, err
}

func (e *Engine) wake() {
	select {
	case e.stir <- struct{}{}:
	default: // it is awake already
	}
}
