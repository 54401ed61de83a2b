package handlers

import (
	"context"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// leave the oldest to the next look: the others do not wait for it. That it is
// left is remembered, so that no look reads the list as far back again; of more
// than can be the next look goes back to the oldest.
func leave(l *bot.Sweep, why error) {
	oldest := l.Want[len(l.Want)-1]
	l.Want, l.Left = l.Want[:len(l.Want)-1], why.Error()
	if len(l.Later) < mostLeft {
		oldest.Tries = 0
		l.Later = append(l.Later, oldest)
	} else if oldest.At.Before(l.Upto) {
		l.Upto = oldest.At
	}
}

// recall wants again what the last look left and nobody brought since. It came
// before what was missed since then.
func (h *Handlers) recall(ctx context.Context, doc *bot.CaughtUp) error {
	if len(doc.Left) == 0 {
		return nil
	}
	var ids []string
	for _, w := range doc.Left {
		ids = append(ids, w.LetterID(), w.MissedID())
	}
	known, err := h.Store.Known(ctx, ids)
	if err != nil {
		return err
	}
	l := doc.Sweep
	for _, w := range doc.Left {
		if known[w.LetterID()] || known[w.MissedID()] {
			continue
		}
		l.Want = slices.DeleteFunc(l.Want, func(o bot.Wanted) bool { return o.GUID == w.GUID })
		l.Want = append(l.Want, w)
	}
	doc.Left = nil
	return nil
}
