package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Who counts what is over reads a row for each thing that ever was, so all of
// it is counted anew the more seldom the more there is: after a millisecond for
// each, which is some thousand times what reading it takes, and after five minutes
// at last. Meanwhile what came to be over is added: of what came since, and of
// what was open when it was looked at last, where that was not too much.
const (
	recountEach   = time.Millisecond
	recount       = 5 * time.Minute
	recountWithin = 2 * time.Second // where there is a count already
	mostFollowed  = 2000
)

// counted is what is over, as it was counted last.
type counted struct {
	turn   chan struct{} // one counts at a time
	list   []bot.Tally
	tried  time.Time     // when all was to be counted last
	within time.Duration // how long that may take; 0: recountWithin
	seen   []seen        // of each box; nil: it cannot be followed
}

// seen is how far a box was seen.
type seen struct {
	last int64   // of its rows
	open []int64 // of its rows, which may be over next time
}

// lasts is how long until all is counted anew.
func (c *counted) lasts() time.Duration {
	n := 0
	for _, t := range c.list {
		n += t.N
	}
	return min(time.Duration(n)*recountEach, recount)
}

// now is what is over, for whoever holds the lock. Where all of it cannot be counted again just now, what
// was counted still holds, as of when it was.
func (c *counted) now(ctx context.Context, t tally, open []bot.Tally) ([]bot.Tally, error) {
	if err := c.follow(ctx, t, open); err != nil {
		return nil, err
	}
	if age := t.at.Sub(c.tried); age < 0 || age >= c.lasts() {
		if err := c.again(ctx, t, open); err != nil && c.list == nil {
			return nil, err
		}
	}
	return slices.Clone(c.list), nil
}

// again counts all of it.
func (c *counted) again(ctx context.Context, t tally, open []bot.Tally) error {
	if c.list != nil {
		c.tried = t.at
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, cmp.Or(c.within, recountWithin))
		defer cancel()
	}
	list, err := t.over(ctx)
	if err != nil {
		return err
	}
	seen, err := t.see(ctx, open)
	if err != nil {
		return err
	}
	c.list, c.seen, c.tried = append([]bot.Tally{}, list...), seen, t.at
	return nil
}

// follow adds what came to be over.
func (c *counted) follow(ctx context.Context, t tally, open []bot.Tally) (err error) {
	if c.seen == nil {
		return nil
	}
	list := slices.Clone(c.list)
	for box, before := range c.seen {
		var now []bot.Tally
		if now, err = t.count(ctx, now, box, since, before.last); err != nil {
			return err
		}
		numbers, err := json.Marshal(append([]int64{}, before.open...))
		if err != nil {
			return err
		}
		if now, err = t.count(ctx, now, box, among, string(numbers)); err != nil {
			return err
		}
		for _, n := range now {
			if slices.Contains(tallies[box].over, n.State) {
				list = add(list, n)
			}
		}
	}
	for i := range list {
		list[i].At = t.at
	}
	seen, err := t.see(ctx, open)
	if err != nil {
		return err
	}
	c.list, c.seen = list, seen
	return nil
}

// see says how far both boxes are seen; nil where too much is open.
func (t tally) see(ctx context.Context, open []bot.Tally) (both []seen, err error) {
	n := 0
	for _, o := range open {
		n += o.N
	}
	if n > mostFollowed {
		return nil, nil
	}
	for _, of := range tallies {
		var s seen
		if err := t.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), 0) FROM `+of.box).Scan(&s.last); err != nil {
			return nil, fmt.Errorf("look how far %s goes: %w", of.box, err)
		}
		if s.open, err = read(ctx, t.querier, "list what is open", only[int64], `SELECT seq FROM `+of.box+` `+in(of.open)); err != nil {
			return nil, err
		}
		both = append(both, s)
	}
	return both, nil
}
