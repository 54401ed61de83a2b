package handlers

import (
	"context"
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
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

// measure asks for the size of an open change whose totals cannot be believed,
// once for each head. What GitHub does not say has no totals then, and passes
// for nothing.
func (h *Handlers) measure(ctx context.Context, doc *changeDoc) (asked bool, err error) {
	doc.recall()
	c := doc.Change
	if !c.Open || measured(c) || doc.counts(c) {
		return false, nil
	}
	size, ok, err := h.count(ctx, c)
	if err != nil {
		return false, fmt.Errorf("measure %s: %w", c.Ref, err)
	}
	doc.Change.HasTotals = false
	if ok {
		doc.Counted = &sizeAsked{Head: c.Head, Base: c.BaseRef, Size: size}
		doc.recall()
	}
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

func (d changeDoc) counts(c bot.Change) bool {
	return d.Counted != nil && d.Counted.Head == c.Head && d.Counted.Base == c.BaseRef
}

// recall takes the size that was asked for, where an event has none to believe.
func (d *changeDoc) recall() {
	if !measured(d.Change) && d.counts(d.Change) {
		d.Change = d.Change.Sized(d.Counted.Size)
	}
}
