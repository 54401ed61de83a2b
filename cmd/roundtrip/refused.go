package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// fetchSoon is how long after a delivery could not be taken GitHub is asked for
// it: what kept us may be over by then, and GitHub lists it. Refusals meanwhile
// are fetched along with it. Should it not be found so, the hourly look is left.
const fetchSoon = 30 * time.Second

// noteRefusal of a delivery that GitHub brought.
func (a *app) noteRefusal() {
	select {
	case a.refused <- struct{}{}:
	default: // it is noted already
	}
}

// fetchRefused asks, until ctx ends, for what could not be taken, and as long as
// nobody hears that either.
func (a *app) fetchRefused(ctx context.Context, hear func(context.Context, bot.Letter) error, log *slog.Logger) {
	for n := 1; ; {
		select {
		case <-ctx.Done():
			return
		case <-a.refused:
		}
		select {
		case <-ctx.Done():
			return
		case <-a.after(fetchSoon):
		}
		if err := a.askForRefused(ctx, n, hear); err != nil {
			log.Warn("deliveries could not be taken, and GitHub cannot be asked for them yet", "again in", fetchSoon.String(), "error", err)
			a.noteRefusal()
			continue
		}
		n++
	}
}

func (a *app) askForRefused(ctx context.Context, n int, hear func(context.Context, bot.Letter) error) error {
	select {
	case <-a.refused: // this, too, will be fetched
	default:
	}
	l, err := bot.Refused(a.owner, n)
	if err != nil {
		return err
	}
	return hear(ctx, l)
}
