package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// catchUpEvery is how often we ask what we missed. What is not found then is
// found the next time, for three days.
const catchUpEvery = time.Hour

// catchUpDue goes on with the look for what GitHub sent and we did not hear, or
// begins one. Each part of it is saved: it goes on from there after a crash, and
// what is fetched is heard with what was noted of it. Where GitHub does not
// answer it is asked again, at last every quarter of an hour, for as long as it
// takes. Whoever begins a look takes the turn that one under way waits for, so
// that there is one, however many begin.
func (h *Handlers) catchUpDue(ctx context.Context, d bot.Delivery[bot.CatchUpDue]) (plan bot.Plan, err error) {
	var doc bot.CaughtUp
	if _, err := h.Store.Doc(ctx, bot.CatchUpKey, &doc); err != nil {
		return plan, err
	}
	if d.Event.Turn != 0 && d.Event.Turn != doc.Turn {
		return plan, nil
	}
	if d.Event.Look {
		slot := later(d.At, d.Event.Slot).UTC().Truncate(catchUpEvery).Add(catchUpEvery)
		if err := h.compareAll(ctx, &doc, d.At, &plan); err != nil {
			return plan, err
		}
		plan.Wake(bot.Timer{ID: "catch-up/" + slot.Format(time.RFC3339), At: slot, Event: bot.CatchUpDue{Slot: slot, Look: true}})
	}
	switch {
	case doc.Sweep == nil:
		begin(&doc, d.At)
	case d.Event.Turn == 0:
		doc.Sweep.Again = true
	}
	again, err := h.sweepOn(ctx, &doc, d.At, &plan)
	if err == nil && doc.Sweep == nil {
		doc.Ended = d.At
	}
	doc.Turn = 0
	switch wait := trouble(&doc, err, d.At); {
	case err != nil:
		plan.Wake(goOn(&doc, d.At.Add(wait)))
	case again:
		plan.Wake(goOn(&doc, d.At))
	}
	plan.Keep(doc)
	return plan, nil
}

// goOn gives a look its next turn, one for each time that the document is saved.
func goOn(d *bot.CaughtUp, at time.Time) bot.Timer {
	d.Turn = d.V + 1
	return bot.Timer{ID: fmt.Sprintf("catch-up/on/%d", d.Turn), At: at, Event: bot.CatchUpDue{Turn: d.Turn}}
}

// trouble notes what keeps us from looking, or that nothing does, and says how
// long to wait.
func trouble(d *bot.CaughtUp, err error, now time.Time) time.Duration {
	if err == nil {
		d.Trouble, d.Since, d.Fails = "", time.Time{}, 0
		return 0
	}
	if d.Trouble == "" {
		d.Since = now
	}
	d.Trouble = err.Error()
	d.Fails++
	var asked bot.RetryAfter
	if errors.As(err, &asked) {
		return max(asked.After, time.Second)
	}
	return min(15*time.Minute, 10*time.Second<<min(d.Fails-1, 10))
}

// sweepOn does the next part of a look, and reports whether there is more to do.
// Where something could not be fetched the look ends with why, and another
// begins at the next turn.
func (h *Handlers) sweepOn(ctx context.Context, doc *bot.CaughtUp, now time.Time, plan *bot.Plan) (more bool, err error) {
	if h.Polls { // nothing else brings what people ask for, a rollback among it
		ctx = bot.WithPriority(ctx, bot.Urgent)
	}
	if !doc.Sweep.Listed {
		if err := h.list(ctx, doc, now); err != nil || !doc.Sweep.Listed {
			return true, err
		}
	}
	if err := h.recall(ctx, doc); err != nil {
		return true, err
	}
	if err := h.fetch(ctx, doc, now, plan); err != nil || len(doc.Sweep.Want) > 0 {
		return true, err
	}
	if doc.Sweep.Upto.After(doc.Known) {
		doc.Known = doc.Sweep.Upto
	}
	if doc.Sweep.Left != "" {
		err = errors.New(doc.Sweep.Left)
	}
	slices.Reverse(doc.Sweep.Later)
	doc.Left = doc.Sweep.Later
	more, doc.Sweep = doc.Sweep.Again, nil
	return more, err
}

// Behind is how far we are behind what GitHub sent.
type Behind struct {
	Fetched, Lost int       // ever
	Waiting       int       // to be fetched
	Looked        time.Time // to the end; zero: never
}

// BehindOf reads it from a store.
func BehindOf(ctx context.Context, s interface {
	Doc(ctx context.Context, key string, doc interface{ SetVersion(int) }) (bool, error)
}) (Behind, error) {
	var doc bot.CaughtUp
	_, err := s.Doc(ctx, bot.CatchUpKey, &doc)
	return Behind{Fetched: doc.Fetched, Lost: doc.Missed, Waiting: doc.Waiting(), Looked: doc.Ended}, err
}
