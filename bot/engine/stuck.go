package engine

import (
	"errors"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// worthTelling is a wait that people notice: with the backoff of retry.go the
// one after the fifth try, when 15 seconds have passed.
const worthTelling = 15 * time.Second

// stuck is the event that tells of a letter that waits long or is given up;
// nil for one that tells of another: there would be no end.
// asked is until when we were asked to wait, zero if nobody did.
func stuck(l bot.Letter, cause error, asked, until time.Time, givenUp bool) bot.Event {
	if l.Kind == bot.EventKind(bot.DeliveryStuck{}) {
		return nil
	}
	var away bot.Away
	errors.As(cause, &away) // else nobody is away
	return bot.DeliveryStuck{
		Delivery: l.ID, Kind: l.Kind, Event: l.Event, Who: away.Who, Asked: asked, Since: l.At, Tries: l.Attempts, Until: until, GivenUp: givenUp,
	}
}
