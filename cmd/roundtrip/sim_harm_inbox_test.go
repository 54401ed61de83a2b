package main

import (
	"context"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/sim"
)

// forgetful accepts webhooks of comments and forgets them.
type forgetful struct{ sim.Store }

func (f forgetful) Hear(ctx context.Context, l bot.Letter) (bool, error) {
	if strings.HasPrefix(l.Name, "issue_comment") {
		return true, nil
	}
	return f.Store.Hear(ctx, l)
}

// ackFirst says that it stored what it will store in a moment, when it has
// looked for work some more times.
type ackFirst struct {
	sim.Store
	soon  []bot.Letter
	looks int
}

func (a *ackFirst) Hear(_ context.Context, l bot.Letter) (bool, error) {
	a.soon = append(a.soon, l)
	return true, nil
}

func (a *ackFirst) NextNew(ctx context.Context) (bot.Letter, bool, error) {
	if a.looks++; a.looks%10 != 0 {
		return a.Store.NextNew(ctx)
	}
	for _, l := range a.soon {
		if _, err := a.Store.Hear(ctx, l); err != nil {
			return bot.Letter{}, false, err
		}
	}
	a.soon = nil
	return a.Store.NextNew(ctx)
}

// repeating stores a delivery as often as it comes.
type repeating struct{ sim.Store }

func (r repeating) Hear(ctx context.Context, l bot.Letter) (bool, error) {
	fresh, err := r.Store.Hear(ctx, l)
	if err == nil && !fresh {
		l.ID += "/again"
		return r.Store.Hear(ctx, l)
	}
	return fresh, err
}

// allKnown takes what was missed for known.
type allKnown struct{ sim.Store }

func (allKnown) Known(_ context.Context, ids []string) (map[string]bool, error) {
	known := map[string]bool{}
	for _, id := range ids {
		known[id] = true
	}
	return known, nil
}

// halves saves a plan's documents at once, and what is to be done with the next
// plan.
type halves struct {
	sim.Store
	rest bot.Plan
}

func (h *halves) Save(ctx context.Context, l bot.Letter, p bot.Plan, observe bool) error {
	first := p
	first.Effects, first.Answers, first.Timers = h.rest.Effects, h.rest.Answers, h.rest.Timers
	err := h.Store.Save(ctx, l, first, observe)
	if err == nil {
		h.rest = p
	}
	return err
}

// noTimers forgets every fifth.
type noTimers struct {
	sim.Store
	n int
}

func (n *noTimers) Save(ctx context.Context, l bot.Letter, p bot.Plan, observe bool) error {
	kept := p
	kept.Timers = nil
	for _, t := range p.Timers {
		if n.n++; n.n%5 != 0 {
			kept.Timers = append(kept.Timers, t)
		}
	}
	return n.Store.Save(ctx, l, kept, observe)
}

// noLease gives away what somebody is at.
type noLease struct{ sim.Store }

func (n noLease) ClaimLetter(ctx context.Context, owner string, _ time.Duration) (bot.Letter, bool, error) {
	return n.Store.ClaimLetter(ctx, owner, -time.Millisecond)
}

func (n noLease) ClaimTask(ctx context.Context, owner string, kinds []string, _ time.Duration) (bot.Task, bool, error) {
	return n.Store.ClaimTask(ctx, owner, kinds, -time.Millisecond)
}

func (noLease) RenewLetter(context.Context, bot.Letter, time.Duration) error { return nil }
func (noLease) RenewTask(context.Context, bot.Task, time.Duration) error     { return nil }

// ownClock lets the second server's leases end by its own clock, which is 20 s
// behind.
type ownClock struct{ sim.Store }

func ownLease(owner string, lease time.Duration) time.Duration {
	if strings.HasPrefix(owner, "bot 2") {
		return lease - 20*time.Second
	}
	return lease
}

func (o ownClock) ClaimLetter(ctx context.Context, owner string, lease time.Duration) (bot.Letter, bool, error) {
	return o.Store.ClaimLetter(ctx, owner, ownLease(owner, lease))
}

func (o ownClock) ClaimTask(ctx context.Context, owner string, kinds []string, lease time.Duration) (bot.Task, bool, error) {
	return o.Store.ClaimTask(ctx, owner, kinds, ownLease(owner, lease))
}

func (o ownClock) RenewLetter(ctx context.Context, l bot.Letter, lease time.Duration) error {
	return o.Store.RenewLetter(ctx, l, ownLease(l.Owner, lease))
}

func (o ownClock) RenewTask(ctx context.Context, t bot.Task, lease time.Duration) error {
	return o.Store.RenewTask(ctx, t, ownLease(t.Owner, lease))
}

// waiting has a database whose clock never goes back: set back, it stands still
// until its old time has come again.
func waiting(c *sim.Cast) {
	open := c.Open
	c.Open = func(ctx context.Context, clock func() time.Time) (sim.Store, func() error, error) {
		var latest time.Time
		return open(ctx, func() time.Time {
			if now := clock(); now.After(latest) {
				latest = now
			}
			return latest
		})
	}
}

// longLease never lets go.
type longLease struct{ sim.Store }

func (n longLease) ClaimLetter(ctx context.Context, owner string, _ time.Duration) (bot.Letter, bool, error) {
	return n.Store.ClaimLetter(ctx, owner, 1000*time.Hour)
}

func (n longLease) ClaimTask(ctx context.Context, owner string, kinds []string, _ time.Duration) (bot.Task, bool, error) {
	return n.Store.ClaimTask(ctx, owner, kinds, 1000*time.Hour)
}
