package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// taskTries bounds how often an effect fails: about five hours. That whom
// it is for does not answer at all is no fault of the effect: then it is about
// three days, so that what is owed is there when they are back.
const (
	taskTries = 30
	awayTries = 300
)

func mostTries(cause error) int {
	var away bot.Away
	if errors.As(cause, &away) {
		return awayTries
	}
	return taskTries
}

// performNext carries out the next effect of the kinds.
func (e *Engine) performNext(ctx context.Context, kinds []string) (bool, error) {
	t, ok, err := e.o.Store.ClaimTask(ctx, e.o.Owner, kinds, e.o.Lease)
	if err != nil || !ok {
		return false, err
	}
	effect, err := bot.DecodeEffect(t.Kind, t.Body)
	if err != nil {
		return true, e.end(ctx, t, nil, bot.TaskFailed, err.Error())
	}
	if deadly, err := e.deadly(ctx, t.Lapses, t.At); err != nil {
		return false, err
	} else if deadly {
		return true, e.layAside(ctx, t, effect)
	}
	return true, e.attempt(ctx, t, effect)
}

func (e *Engine) attempt(ctx context.Context, t bot.Task, effect bot.Effect) error {
	last, hash, _, err := e.o.Store.Receipt(ctx, t.Kind, t.Key)
	if err != nil {
		return err
	}
	// After an attempt nobody confirmed, what is there is not what was last
	// written: it is written again.
	if hash == t.Hash && !t.Order && t.Attempts == 1 {
		t.Receipt = last
		return e.end(ctx, t, effect, bot.TaskUnchanged, "")
	}
	actx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	t.Receipt, err = e.do(actx, t, effect, last)
	if err != nil && ctx.Err() != nil {
		return nil // we are stopping; the lease runs out and it is taken up again
	}
	return e.settle(context.WithoutCancel(ctx), t, effect, err) // what was done is written down
}

// do performs an effect. An order that may have been begun before is asked
// about first, and done only if it was not.
func (e *Engine) do(ctx context.Context, t bot.Task, effect bot.Effect, last bot.Receipt) (r bot.Receipt, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	performer := e.by[t.Kind]
	if order, ok := effect.(bot.Order); ok && t.Attempts > 1 {
		r, done, err := confirm(ctx, performer, order)
		if err != nil || done {
			return r, err
		}
	}
	return performer.Perform(ctx, bot.Job{Effect: effect, Last: last, Attempt: t.Attempts})
}

func confirm(ctx context.Context, p Performer, o bot.Order) (bot.Receipt, bool, error) {
	c, ok := p.(Confirmer)
	if !ok {
		return bot.Receipt{}, false, bot.Doubtful{Err: fmt.Errorf("nobody can tell whether order %s took place", o.OrderID())}
	}
	return c.Confirm(ctx, o)
}

func (e *Engine) settle(ctx context.Context, t bot.Task, effect bot.Effect, cause error) error {
	var doubtful bot.Doubtful
	if cause == nil {
		return e.end(ctx, t, effect, bot.TaskDone, "")
	}
	why := e.scrub(cause.Error())
	if errors.As(cause, &doubtful) {
		return e.end(ctx, t, effect, bot.TaskDoubtful, why)
	}
	now, err := e.o.Store.Now(ctx)
	if err != nil {
		return err
	}
	t.Tries += counted(cause)
	wait, again := nextTry(cause, t.Tries, mostTries(cause), now.Sub(t.At))
	if !again {
		return e.end(ctx, t, effect, bot.TaskFailed, why)
	}
	e.o.Log.Warn("effect will be tried again", "kind", t.Kind, "key", t.Key, "in", wait.String(), "error", why)
	return ignoreLost(e.o.Store.RetryTask(ctx, t, now.Add(wait), why))
}

var outcomes = map[string]bot.Outcome{
	bot.TaskDone: bot.Done, bot.TaskUnchanged: bot.Done,
	bot.TaskFailed: bot.Failed, bot.TaskDoubtful: bot.InDoubt,
}

// end ends an effect; one that settles tells how.
func (e *Engine) end(ctx context.Context, t bot.Task, effect bot.Effect, state, why string) error {
	t.State, t.Error = state, why
	var tell bot.Event
	if s, ok := effect.(bot.Settling); ok {
		tell = s.Settled(outcomes[state], why)
	}
	if err := e.o.Store.FinishTask(ctx, t, tell); err != nil {
		return ignoreLost(err)
	}
	if state == bot.TaskFailed || state == bot.TaskDoubtful {
		e.o.Log.Error("effect "+state, "kind", t.Kind, "key", t.Key, "attempts", t.Attempts, "error", why)
	}
	if e.o.Watch != nil && effect != nil {
		e.o.Watch(t, effect)
	}
	e.wake()
	return nil
}

// scrub strikes secrets out: errors are stored, logged and shown.
func (e *Engine) scrub(s string) string {
	for _, secret := range e.o.Secrets {
		if len(secret) >= 8 {
			s = strings.ReplaceAll(s, secret, "[secret]")
		}
	}
	return s
}
