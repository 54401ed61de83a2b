package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// What is asked of GitHub every hour has bounds; whose turn it is then does not
// come is the first the next time.
const (
	mostCompared = 200              // repositories
	mostAsked    = 50               // requests for one, beside its list of open changes
	firstFetched = 20 * time.Second // what was sent is heard before we compare
	comparedOnce = 5 * time.Minute  // however often a process starts
	lineCompared = 2                // commits of a branch whose checks are looked at
	redCompared  = 10               // of one that is red
)

// compareAll has the repositories that we know compared, those first that were
// not the last time.
func (h *Handlers) compareAll(ctx context.Context, doc *bot.CaughtUp, now time.Time, plan *bot.Plan) error {
	keys, err := h.Store.Keys(ctx, "settings/")
	if err != nil {
		return err
	}
	from, _ := slices.BinarySearch(keys, doc.Last+"\x00")
	keys = append(keys[from:len(keys):len(keys)], keys[:from]...)
	for _, key := range keys[:min(len(keys), mostCompared)] {
		var s settingsDoc
		if _, err := h.Store.Doc(ctx, key, &s); err != nil {
			return err
		}
		id := fmt.Sprintf("compare/%s/%s", now.UTC().Truncate(comparedOnce).Format(time.RFC3339), s.Repo.Key())
		plan.Wake(bot.Timer{ID: id, At: now.Add(firstFetched), Event: bot.CompareDue{Repo: s.Repo}})
		doc.Last = key
	}
	return nil
}

// compareDue looks at a repository as GitHub has it now. What differs from what
// we know becomes the event that we should have heard, and goes its usual way:
// there is one truth. What GitHub does not say now it is asked in an hour.
func (h *Handlers) compareDue(ctx context.Context, d bot.Delivery[bot.CompareDue]) (plan bot.Plan, err error) {
	c := comparison{Handlers: h, doc: bot.Compared{Repo: d.Event.Repo}, now: d.At, left: mostAsked, plan: &plan}
	if _, err := h.Store.Doc(ctx, c.doc.DocKey(), &c.doc); err != nil {
		return plan, err
	}
	err = c.all(ctx)
	c.doc.Repo = d.Event.Repo // it may be called something else
	switch {
	case err == nil:
		c.doc.Trouble, c.doc.Since = "", time.Time{}
	case ctx.Err() != nil:
		return bot.Plan{}, err
	default:
		if c.doc.Trouble == "" {
			c.doc.Since = d.At
		}
		c.doc.Trouble = err.Error()
	}
	plan.Keep(c.doc)
	return plan, nil
}

// comparison of one repository, while it lasts.
type comparison struct {
	*Handlers
	doc  bot.Compared
	now  time.Time
	left int         // requests that it may still make
	open []changeDoc // that we know
	main string      // the default branch, once it was asked for
	plan *bot.Plan

	mainErr error // or why it is not known

	green policies.GreenSettings
}

// all of it: by the file all else is judged; what was merged comes before what it did to its branch, and that
// before the changes that are judged by it.
func (c *comparison) all(ctx context.Context) (err error) {
	if c.open, err = c.openChanges(ctx, c.doc.Repo, ""); err != nil {
		return err
	}
	var troubles []error // that one part cannot be read says nothing of the others
	for _, part := range []func(context.Context) error{c.file, c.merges, c.branches, c.changes} {
		err := part(ctx)
		if ctx.Err() != nil || errors.As(err, &bot.RetryAfter{}) { // nor would any other be told
			return err
		}
		if err != nil && !slices.ContainsFunc(troubles, func(t error) bool { return t.Error() == err.Error() }) {
			troubles = append(troubles, err)
		}
	}
	return errors.Join(troubles...)
}

// may ask so many more requests.
func (c *comparison) may(requests int) bool {
	c.left -= requests
	return c.left >= 0
}

// saw an event that was not heard. What would change is told by the version of
// the document that it changes: the same is not told again while nothing comes
// of it.
func (c *comparison) saw(id string, version int, e bot.Event) {
	c.doc.Seen++
	c.plan.Wake(bot.Timer{ID: fmt.Sprintf("seen/%s/%s/%d", c.doc.Repo.Key(), id, version), At: c.now, Event: e})
}
