package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// mostLapses bounds how often whoever holds a piece of work may be gone before
// they come to an end of it.
const mostLapses = 20

// deadly says whether work is not to be touched again: so often, and for so
// long, was whoever held it gone, that it may be what ends them. A process
// that is restarted often for other reasons loses nothing within that time.
func (e *Engine) deadly(ctx context.Context, lapses int, begun time.Time) (bool, error) {
	if lapses < mostLapses {
		return false, nil
	}
	now, err := e.o.Store.Now(ctx)
	return err == nil && now.Sub(begun) >= lasting(letterTries), err
}

func tooDeadly(lapses int) error {
	return bot.Permanent{Err: fmt.Errorf("%d times the process was gone before it came to an end of this: it may be what ends it", lapses)}
}

// layAside ends an effect that is deadly. Whether an order took place nobody
// knows then.
func (e *Engine) layAside(ctx context.Context, t bot.Task, effect bot.Effect) error {
	if t.Order {
		return e.settle(ctx, &t, effect, bot.Doubtful{Err: tooDeadly(t.Lapses)})
	}
	return e.settle(ctx, &t, effect, tooDeadly(t.Lapses))
}
