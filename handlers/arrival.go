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
	case follows != precedes:
		return c, follows, nil
	}
	c, err = h.GitHub.Change(ctx, c.Ref)
	return c, !c.Updated.Before(doc.Change.Updated), err
}

// passed reports whether a commit was the head before the present one.
func (d changeDoc) passed(sha bot.SHA) bool {
	return slices.ContainsFunc(d.Heads, func(s headSeen) bool { return s.SHA == sha || s.Before == sha })
}

// become takes what the change is now, as an event told or GitHub was asked
// because of it. moved says that it has another head.
func (d *changeDoc) become(c bot.Change, e bot.ChangeUpdated) (moved bool) {
	moved = d.Change.Head != c.Head
	d.Change = c
	if moved {
		d.Heads = append(d.Heads, headSeen{SHA: c.Head, At: c.Updated})
		d.Tree, d.Shown, d.Holds = "", nil, nil
	}
	last := len(d.Heads) - 1
	if last < 0 || e.Change.Head != c.Head {
		return moved
	}
	if e.Before != "" {
		d.Heads[last].Before = e.Before
	}
	if e.Before != "" || e.Action == "opened" {
		d.Heads[last].By = e.By.Login
	}
	return moved
}
