package engine

import (
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Replay is what today's handlers decide about a delivery that came before:
// it is opened anew and nothing is saved. An event of our own, a timer say, is
// taken as it was stored.
func (e *Engine) Replay(ctx context.Context, l bot.Letter) (bot.Plan, error) {
	if _, ok := e.o.Openers[l.Source]; ok {
		event, err := e.open(l)
		if err != nil {
			return bot.Plan{}, err
		}
		if l.Kind, l.Event, err = bot.EncodeEvent(event); err != nil {
			return bot.Plan{}, err
		}
	}
	return e.Plan(ctx, l)
}
