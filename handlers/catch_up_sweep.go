package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Bounds of a look.
const (
	keptFor     = 72 * time.Hour  // GitHub keeps what it sent for so long
	firstPolled = tooLate         // who polls with an empty database begins with what may still be done
	overlap     = 2 * time.Minute // GitHub lists a delivery when it was answered, under the time when it was sent
	pagesAtOnce = 8               // in one attempt
	mostPages   = 1000            // of 100 deliveries, in one look
	mostWanted  = 2000            // that wait to be fetched
	atOnce      = 40              // that are asked for in one attempt
	fetchTries  = 3               // of one in a look, that the others wait for
	mostLeft    = 100             // are remembered from one look to the next
	forgetsSoon = keptFor - 2*time.Hour
)

// begin a look. What an earlier one left unread is said for as long as GitHub
// could still send it again.
func begin(doc *bot.CaughtUp, now time.Time) {
	doc.Sweep = &bot.Sweep{}
	if doc.UnreadAt.Before(now.Add(-keptFor)) {
		doc.Unread, doc.UnreadAt = "", time.Time{}
	}
}

// unread notes that a list is too long to be read beyond its oldest that was.
func unread(doc *bot.CaughtUp, oldest, now time.Time) {
	doc.UnreadAt = now
	doc.Unread = fmt.Sprintf("GitHub lists more than %d deliveries since %s. Those before %s were not looked through: redeliver what is missed from Recent deliveries on the app's page",
		mostPages*100, doc.Sweep.From.UTC().Format(time.RFC3339), oldest.UTC().Format(time.RFC3339))
}

// list reads more of what GitHub sent.
func (h *Handlers) list(ctx context.Context, doc *bot.CaughtUp, now time.Time) error {
	l := doc.Sweep
	for range pagesAtOnce {
		page, next, err := h.GitHub.Sent(ctx, l.Cursor)
		if err != nil {
			if l.Cursor != "" && !errors.As(err, &bot.Away{}) { // the place is no longer there
				*l = bot.Sweep{}
			}
			return err
		}
		if l.Pages++; l.Upto.IsZero() && len(page) > 0 {
			l.Upto = page[0].At
			l.From = h.since(doc.Known, l.Upto)
		}
		if err := h.sift(ctx, l, page); err != nil {
			return err
		}
		l.Cursor = next
		over := next == "" || len(page) == 0 || page[len(page)-1].At.Before(l.From)
		if !over && l.Pages >= mostPages {
			unread(doc, page[len(page)-1].At, now)
			over = true
		}
		if over {
			l.Listed, l.Cursor = true, ""
			return nil
		}
	}
	return nil
}

// since is how far back a look goes, all by GitHub's clock.
func (h *Handlers) since(known, newest time.Time) time.Time {
	switch {
	case !known.IsZero():
		return known.Add(-overlap)
	case h.Polls:
		return newest.Add(-firstPolled)
	}
	return newest.Add(-keptFor)
}

// sift keeps of a page what we did not hear. What was answered with 2xx is on
// our disk, or was on one that somebody put away; who polls takes nobody's
// answer for ours. Of a webhook that was sent several times the first time
// counts: that is its place in the order.
func (h *Handlers) sift(ctx context.Context, l *bot.Sweep, page []bot.Sent) error {
	var ids []string
	for _, s := range page {
		ids = append(ids, s.LetterID(), s.MissedID())
	}
	known, err := h.Store.Known(ctx, ids)
	if err != nil {
		return err
	}
	for _, s := range page {
		if s.At.Before(l.From) || s.Accepted && !h.Polls || known[s.LetterID()] || known[s.MissedID()] {
			continue
		}
		l.Want = slices.DeleteFunc(l.Want, func(w bot.Wanted) bool { return w.GUID == s.GUID })
		l.Want = append(l.Want, bot.Wanted{Sent: s})
	}
	if more := len(l.Want) - mostWanted; more > 0 { // the newest are left for the next look
		l.Want, l.Again = slices.Clone(l.Want[more:]), true
		l.Upto = l.Want[0].At
	}
	return nil
}

// fetch hears more of what we did not hear, the oldest first.
func (h *Handlers) fetch(ctx context.Context, doc *bot.CaughtUp, now time.Time, plan *bot.Plan) error {
	l := doc.Sweep
	var ids []int64
	for _, w := range slices.Backward(l.Want[max(0, len(l.Want)-atOnce):]) {
		ids = append(ids, w.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	letters, err := h.GitHub.Fetch(ctx, ids)
	plan.Hear(letters...)
	doc.Fetched += len(letters)
	l.Want = l.Want[:len(l.Want)-len(letters)]
	if err == nil || len(l.Want) == 0 {
		return err
	}
	last := &l.Want[len(l.Want)-1]
	if !errors.As(err, &bot.RetryAfter{}) {
		last.Tries++
	}
	tried := last.Tries >= fetchTries
	switch {
	case errors.Is(err, bot.ErrNotFound), tried && last.At.Before(now.Add(-forgetsSoon)):
		plan.Hear(bot.Missed(last.Sent, err.Error()+"; redeliver it from Recent deliveries on the app's page, if it is there"))
		doc.Missed++
		l.Want = l.Want[:len(l.Want)-1]
		return nil
	case tried:
		leave(l, err)
	}
	return err
}
