package github

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Performer carries out one kind of effect; performing it again is harmless.
type Performer interface {
	// Kind of the effect, as bot.Effect's Kind.
	Kind() string
	// Perform makes it so. The receipt is handed back as Job.Last when an
	// effect of the same kind and key is performed again.
	Perform(ctx context.Context, job bot.Job) (bot.Receipt, error)
}

// All are the performers of GitHub's effects.
func (c *Client) All() []Performer {
	return []Performer{
		&checkPerformer{c},
		&commentPerformer{c},
		&reactionPerformer{c},
		&deploymentPerformer{c},
		&revertPerformer{c},
		&rerunPerformer{c},
	}
}

// wrongKind is a fault of whoever wired the performers.
func wrongKind(p Performer, e bot.Effect) error {
	return bot.Permanent{Err: fmt.Errorf("perform %s: it is given an effect of type %T", p.Kind(), e)}
}

// lastID is the id that a receipt holds; 0 when it holds none.
func lastID(r bot.Receipt) int64 {
	id, err := strconv.ParseInt(r.ID, 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

func receipt(id int64, more, url string) bot.Receipt {
	return bot.Receipt{ID: strconv.FormatInt(id, 10), More: more, URL: url}
}

// gone reports whether what we wanted to touch is no longer there.
func gone(err error) bool { return errors.Is(err, bot.ErrNotFound) }
