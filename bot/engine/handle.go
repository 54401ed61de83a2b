package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// handleNext takes the next letter whose turn it is, asks the handlers, and
// saves their plan. Whatever goes wrong, the letter is tried again from the
// start, or given up and shown; it is never lost.
func (e *Engine) handleNext(ctx context.Context) (bool, error) {
	l, ok, err := e.o.Store.ClaimLetter(ctx, e.o.Owner, e.o.Lease)
	if err != nil || !ok {
		return false, err
	}
	if deadly, err := e.deadly(ctx, l.Lapses, begun(l)); err != nil {
		return false, err
	} else if deadly {
		return true, e.putBack(ctx, l, tooDeadly(l.Lapses), false)
	}
	lost, err := e.handle(ctx, l)
	if err == nil {
		e.wake()
		return true, nil
	}
	if handsOver(ctx) {
		return true, e.handOver(ctx, l)
	}
	return true, e.putBack(ctx, l, err, lost)
}

// handle says beside its error whether the lease could not be renewed.
func (e *Engine) handle(ctx context.Context, l bot.Letter) (lost bool, err error) {
	ctx, end := e.held(ctx, func(ctx context.Context) error { return e.o.Store.RenewLetter(ctx, l, e.o.Lease) })
	defer func() { lost = end() }()
	now, err := e.o.Store.Now(ctx)
	if err != nil {
		return false, err
	}
	return false, e.observed(ctx, Work{What: Handling, Letter: l, Now: now}, func(ctx context.Context, _ *Work) error {
		plan, err := e.decide(ctx, l, now)
		if err != nil {
			return err
		}
		return e.o.Store.Save(ctx, l, plan, e.o.Observe)
	})
}

// Plan is what the handlers decide about a letter; nothing is saved.
func (e *Engine) Plan(ctx context.Context, l bot.Letter) (plan bot.Plan, err error) {
	now, err := e.o.Store.Now(ctx)
	if err != nil {
		return plan, err
	}
	return e.decide(ctx, l, now)
}

func (e *Engine) decide(ctx context.Context, l bot.Letter, now time.Time) (plan bot.Plan, err error) {
	event, err := bot.DecodeEvent(l.Kind, l.Event)
	if err != nil {
		return plan, bot.Permanent{Err: err}
	}
	ctx = bot.WithPriority(ctx, bot.PriorityOf(event))
	d := bot.Delivery[bot.Event]{ID: l.ID, At: now, Event: event}
	for _, h := range e.o.Handlers {
		if !h.Hears(event) {
			continue
		}
		err := e.observed(ctx, Work{What: Asking, Letter: l, Handler: h.Name, Now: now}, func(ctx context.Context, _ *Work) error {
			part, _, err := ask(ctx, h, d)
			plan.Join(part)
			return err
		})
		if err != nil {
			return bot.Plan{}, fmt.Errorf("%s: %w", h.Name, err)
		}
	}
	return plan, nil
}

// ask turns a handler's panic into an error, so that one poisonous delivery
// does not take the process with it.
func ask(ctx context.Context, h bot.Handler, d bot.Delivery[bot.Event]) (plan bot.Plan, handled bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return h.Handle(ctx, d)
}

func (e *Engine) putBack(ctx context.Context, l bot.Letter, cause error, lost bool) error {
	now, err := e.o.Store.Now(ctx)
	if err != nil {
		return err
	}
	why := e.scrub(cause.Error())
	l.Tries += counted(cause)
	wait, again := nextTry(cause, l.Tries, letterTries, now.Sub(begun(l)))
	if !again {
		e.o.Log.Error("delivery given up", "delivery", l.ID, "kind", l.Kind, "attempts", l.Attempts, "error", why)
		return e.ignoreLost(ctx, e.giveUp(ctx, l, cause, now), lost)
	}
	if !errors.Is(cause, bot.ErrConflict) {
		e.o.Log.Warn("delivery will be tried again", "delivery", l.ID, "kind", l.Kind, "in", wait.String(), "error", why)
	}
	var tell bot.Event
	if wait >= worthTelling {
		next := now.Add(wait)
		tell = stuck(l, cause, askedUntil(cause, next), lastTry(cause, next, begun(l), l.Tries, letterTries), false)
	}
	return e.ignoreLost(ctx, e.o.Store.RetryLetter(ctx, l, now.Add(wait), why, tell), lost)
}

func (e *Engine) giveUp(ctx context.Context, l bot.Letter, cause error, now time.Time) error {
	why := e.scrub(cause.Error())
	return e.observed(ctx, Work{What: Abandoning, Letter: l, Now: now}, func(ctx context.Context, w *Work) error {
		err := e.o.Store.FailLetter(ctx, l, why, stuck(l, cause, time.Time{}, time.Time{}, true))
		if err == nil {
			w.Letter.State, w.Letter.Error = bot.LetterFailed, why
		}
		return err
	})
}

// begun is when a letter's first try was due: it came, or as a timer it rang.
func begun(l bot.Letter) time.Time {
	if l.Due.After(l.At) {
		return l.Due
	}
	return l.At
}

// letterTries bounds how often a letter fails: about two and a half hours with
// the backoff of retry.go, then it is shown to people and its subject goes on.
const letterTries = 20
