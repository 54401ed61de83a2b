package engine

import (
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Hear stores a delivery and returns once it is on disk; only then may it be
// acknowledged. It reports false for a repeat, which changes nothing. The
// body is not looked at.
func (e *Engine) Hear(ctx context.Context, source, id, name string, body []byte) (fresh bool, err error) {
	fresh, err = e.o.Store.Hear(ctx, bot.Letter{ID: id, Source: source, Name: name, Body: body})
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
