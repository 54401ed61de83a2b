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
// because of it, and the size that we know of it. moved says that it has
// another head.
func (d *changeDoc) become(c bot.Change, e bot.ChangeUpdated) (moved bool) {
	moved = d.Change.Head != c.Head
	d.Change = c
	if moved {
		d.Heads = append(d.Heads, headSeen{SHA: c.Head, At: c.Updated})
		d.Tree, d.Shown, d.Holds = "", nil, nil
	}
	d.recall()
	d.saw(e)
	return moved
}

// saw takes from an event, a late one too, when and by whom the present head
// came, and reports whether that is news. A head may go and come back: its
// own push says so, or that another was there after ours is known to have
// come. When ours came back is then not known, only that it was there at the
// newest we know; so it counts from there.
func (d *changeDoc) saw(e bot.ChangeUpdated) (news bool) {
	last := len(d.Heads) - 1
	if last < 0 || d.Heads[last].SHA != d.Change.Head || e.Change.Updated.Before(d.Heads[last].At) {
		return false
	}
	seen := d.Heads[last]
	switch later := e.Change.Updated.After(seen.At); {
	case !later && e.Change.Head == seen.Before && e.Before == "": // the one before ours
	case e.Change.Head != seen.SHA:
		seen.At, seen.By = d.Change.Updated, ""
	case e.Before != "":
		seen.At, seen.Before, seen.By = e.Change.Updated, e.Before, e.By.Login
	case e.Action == "opened" && seen.Before == "":
		seen.By = e.By.Login
	}
	news = seen != d.Heads[last]
	d.Heads = append(slices.Clone(d.Heads[:last]), seen)
	return news
}
