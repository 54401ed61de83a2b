package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// judgeStrangers has the open changes judged that GitHub lists beside those
// that we know. Of a list that breaks off, or is slow, those before that are
// judged, and the rest is asked for again. It fails, to be tried again and at
// last shown to the operator, where that brings no more than the time before.
func (h *Handlers) judgeStrangers(ctx context.Context, d bot.Delivery[bot.JudgeAllDue], known []bot.ChangeRef) (plan bot.Plan, err error) {
	e := d.Event
	if e.Missing != "" {
		return plan, bot.Permanent{Err: missing(errors.New(e.Missing), e.Listed)}
	}
	open, err := h.GitHub.OpenChanges(ctx, e.Repo, e.Base, e.Skip)
	listed := e.Skip + len(open)
	if err != nil && listed <= e.Listed && from(err, listed, e.Skip) <= e.Skip {
		return plan, missing(err, e.Listed)
	}
	var refs []bot.ChangeRef
	for _, c := range open {
		if !slices.Contains(known, c.Ref) {
			refs = append(refs, c.Ref)
		}
	}
	judgeEach(refs, d, &plan)
	if err != nil {
		plan.Wake(theRest(err, listed, d))
	}
	return plan, nil
}

// theRest of a list that broke off is for a delivery of its own, which may fail
// while those that were listed are judged. What asking again cannot bring it
// does not ask for.
func theRest(cause error, listed int, d bot.Delivery[bot.JudgeAllDue]) bot.Timer {
	e, at := d.Event, d.At
	e.Listed, e.Skip = max(listed, e.Listed), from(cause, listed, e.Skip)
	if errors.As(cause, &bot.Permanent{}) {
		e.Missing = cause.Error()
	}
	var asked bot.RetryAfter
	if errors.As(cause, &asked) {
		at = at.Add(asked.After)
	}
	return bot.Timer{ID: fmt.Sprintf("judge/strangers/%s/%s/after/%d/from/%d", e.Why, e.Repo.Key(), e.Listed, e.Skip), At: at, Event: e}
}

// from is where a list goes on that broke off: where GitHub was slow so that
// every time brings more of it. That is a page early, for those that were closed
// meanwhile move the others up, unless no more than that page would come again.
// A list that is wrong is read whole.
func from(cause error, listed, skipped int) int {
	const page = 100
	if !errors.As(cause, &bot.Away{}) {
		return 0
	}
	if early := (listed+page-1)/page*page - page; early > skipped {
		return early
	}
	return max(listed/page*page, skipped)
}

// missing says what it means that a list broke off.
func missing(cause error, listed int) error {
	if listed == 0 {
		return cause
	}
	return fmt.Errorf("%w; the %d open changes before that are judged, those after it are held by nobody", cause, listed)
}
