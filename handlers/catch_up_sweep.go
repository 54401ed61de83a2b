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
	forgetsSoon = keptFor - 2*time.Hour
)

// sweep is a look at what GitHub sent: its list is read from the newest to
// the oldest, and then what we did not hear is fetched from the oldest to the
// newest.
type sweep struct {
	From   time.Time `json:"from,omitzero"` // so far back it goes, by GitHub's clock
	Upto   time.Time `json:"upto,omitzero"` // and it began there
	Cursor string    `json:"cursor,omitempty"`
	Pages  int       `json:"pages,omitempty"`
	Listed bool      `json:"listed,omitempty"` // the list was read to its end
	Again  bool      `json:"again,omitempty"`  // there is more than it can bring
	Left   string    `json:"left,omitempty"`   // why some are left to the next look
	Want   []wanted  `json:"want,omitempty"`   // the oldest last
}

type wanted struct {
	bot.Sent
	Tries int `json:"tries,omitempty"`
}

// list reads more of what GitHub sent.
func (h *Handlers) list(ctx context.Context, doc *caughtUp, plan *bot.Plan) error {
	l := doc.Sweep
	for range pagesAtOnce {
		page, next, err := h.GitHub.Sent(ctx, l.Cursor)
		if err != nil {
			if l.Cursor != "" && !errors.As(err, &bot.Away{}) { // the place is no longer there
				*l = sweep{}
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
			oldest := page[len(page)-1].At
			plan.Hear(bot.Missed(bot.Sent{GUID: "list/" + oldest.Format(time.RFC3339), Event: "deliveries"}, fmt.Sprintf(
				"GitHub lists more than %d deliveries since %s; those before %s were not looked through", mostPages*100, l.From.Format(time.RFC3339), oldest.Format(time.RFC3339))))
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
func (h *Handlers) sift(ctx context.Context, l *sweep, page []bot.Sent) error {
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
		l.Want = slices.DeleteFunc(l.Want, func(w wanted) bool { return w.GUID == s.GUID })
		l.Want = append(l.Want, wanted{Sent: s})
	}
	if more := len(l.Want) - mostWanted; more > 0 { // the newest are left for the next look
		l.Want, l.Again = slices.Clone(l.Want[more:]), true
		l.Upto = l.Want[0].At
	}
	return nil
}

// fetch hears more of what we did not hear, the oldest first.
func (h *Handlers) fetch(ctx context.Context, doc *caughtUp, now time.Time, plan *bot.Plan) error {
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
		l.leave(err)
	}
	return err
}

// leave the oldest to the next look, which goes back to it: the others do not
// wait for it.
func (l *sweep) leave(why error) {
	oldest := l.Want[len(l.Want)-1]
	if l.Want = l.Want[:len(l.Want)-1]; oldest.At.Before(l.Upto) {
		l.Upto = oldest.At
	}
	l.Left = why.Error()
}
