package handlers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// sizeAsked is the size of a change as it was asked for, at a head and towards a
// branch.
type sizeAsked struct {
	Head bot.SHA  `json:"head"`
	Base string   `json:"base"`
	Size bot.Size `json:"size"`
}

// measured reports whether the totals that came with a change can be believed:
// there are some, and what touches files has lines. Only renames, binaries and
// modes have none, and very large changes, of which GitHub says 0.
func measured(c bot.Change) bool {
	return c.HasTotals && (c.Lines() > 0 || c.Files == 0)
}

// measure asks for the size of a change whose totals cannot be believed, once
// for each head, where somebody cares. What GitHub does not say, or not in the
// time that a count has, has no totals then, and passes for nothing; only where
// it asks us to wait, or the attempt itself is over, the judgement waits.
func (h *Handlers) measure(ctx context.Context, doc *changeDoc, by policies.BatchSettings, now time.Time, plan *bot.Plan) (asked bool, err error) {
	c := doc.Change
	if measured(c) || doc.counted() || !by.Judges(c.Author) {
		return false, nil
	}
	if doc.inVain() && doc.Unsaid.Never {
		doc.Change.HasTotals = false
		return false, nil
	}
	size, ok, err := h.count(ctx, c)
	switch {
	case errors.As(err, &bot.RetryAfter{}), ctx.Err() != nil:
		return false, fmt.Errorf("measure %s: %w", c.Ref, errors.Join(err, ctx.Err()))
	case err != nil || !ok:
		doc.vain(err, now, plan)
		return true, nil
	}
	doc.Counted, doc.Unsaid = &sizeAsked{Head: c.Head, Base: c.BaseRef, Size: size}, nil
	doc.recall()
	return true, nil
}

// count reads the totals if the event had none, and the files one by one where
// the totals say that they have no lines.
func (h *Handlers) count(ctx context.Context, c bot.Change) (size bot.Size, ok bool, err error) {
	if !c.HasTotals {
		now, err := h.GitHub.Change(ctx, c.Ref)
		if err != nil || !now.HasTotals || now.Head != c.Head {
			return size, false, err
		}
		c = c.Sized(now.Size())
	}
	if measured(c) {
		return c.Size(), true, nil
	}
	size, ok, err = h.GitHub.Lines(ctx, c.Ref, c.Head)
	return size, ok && size.Files >= c.Files, err
}

// counted reports whether the size was asked for, and said, as the change is now.
func (d changeDoc) counted() bool {
	return d.Counted != nil && d.Counted.Head == d.Change.Head && d.Counted.Base == d.Change.BaseRef
}

// recall takes the size that was asked for, where an event has none to believe.
func (d *changeDoc) recall() {
	if !measured(d.Change) && d.counted() {
		d.Change = d.Change.Sized(d.Counted.Size)
	}
}
