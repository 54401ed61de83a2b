package handlers

import (
	"context"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// inOrder is what a change is, after an event that may have come late: GitHub
// keeps no order, and its times are whole seconds. fresh is false when what is
// known is newer. Of one second a push says which head was before its own;
// where that does not tell, GitHub is asked.
func (h *Handlers) inOrder(ctx context.Context, doc changeDoc, known bool, e bot.ChangeUpdated) (c bot.Change, fresh bool, err error) {
	c = e.Change
	follows, precedes := e.Before == doc.Change.Head, doc.passed(c.Head)
	switch {
	case !known, c.Updated.After(doc.Change.Updated):
		return c, true, nil
	case c.Updated.Before(doc.Change.Updated), doc.Merged:
		return c, false, nil
	case c.Open != doc.Change.Open: // one of them closed or reopened it
	case c.Head == doc.Change.Head:
		return c, true, nil
	case follows && !precedes:
		return c, true, nil
	case precedes && e.Before == "": // of a push from elsewhere it may have come back by it
		return c, false, nil
	}
	c, err = h.GitHub.Change(ctx, c.Ref)
	return c, !c.Updated.Before(doc.Change.Updated), err
}

// reopened reports whether a change that was closed without a merge is known
// to be open again since: closed and reopened in one second, GitHub is asked.
// What is merged stays merged.
func (h *Handlers) reopened(ctx context.Context, doc changeDoc, known bool, closed bot.Change) (bool, error) {
	switch {
	case !known, closed.Merged, closed.Updated.After(doc.Change.Updated):
		return false, nil
	case closed.Updated.Before(doc.Change.Updated):
		return true, nil
	case !doc.Change.Open:
		return false, nil
	}
	c, err := h.GitHub.Change(ctx, closed.Ref)
	return c.Open, err
}

// passed reports whether a commit was the head before the present one.
func (d changeDoc) passed(sha bot.SHA) bool {
	return slices.ContainsFunc(d.Heads, func(s headSeen) bool { return s.SHA == sha || s.Before == sha })
}

// become takes what the change is now, as an event told or GitHub was asked
// because of it, the size that we know of it, and which head the event says was
// before. moved says that it has another one now.
func (d *changeDoc) become(c bot.Change, before bot.SHA) (moved bool) {
	heads := slices.Clone(d.Heads)
	if moved = d.Change.Head != c.Head; moved {
		heads = append(heads, headSeen{SHA: c.Head, At: c.Updated})
		d.Tree, d.Shown, d.Holds = "", nil, nil
	}
	if before != "" && len(heads) > 0 {
		heads[len(heads)-1].Before = before
	}
	d.Change, d.Heads = c, heads
	d.recall()
	return moved
}
