package engine

import (
	"context"
	"errors"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// failed counts a failure in t, and says how many such there were and may be.
func failed(t *bot.Task, cause error) (tries, most int) {
	var away bot.Away
	if errors.As(cause, &away) {
		t.Away += counted(cause)
		return t.Away, bot.AwayTries
	}
	t.Tries += counted(cause)
	return t.Tries, bot.TaskTries
}

// settle writes down how an attempt ended, and then in t; bot.ErrConflict when its
// lease was lost.
func (e *Engine) settle(ctx context.Context, t *bot.Task, effect bot.Effect, cause error) error {
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
	tries, most := failed(t, cause)
	wait, again := nextTry(cause, tries, most, now.Sub(t.At))
	if !again {
		return e.end(ctx, t, effect, givenUp(*t, cause), why)
	}
	if again, err = e.o.Store.RetryTask(ctx, *t, now.Add(wait), why); err != nil {
		return err
	}
	t.State = bot.TaskSuperseded
	if again {
		t.State = bot.TaskWaiting
		e.o.Log.Warn("effect will be tried again", "kind", t.Kind, "key", t.Key, "in", wait.String(), "error", why)
	}
	return nil
}

// givenUp is the state of an effect that is not tried again. An order that
// nobody refused may have taken place.
func givenUp(t bot.Task, cause error) string {
	if t.Order && !errors.As(cause, &bot.Permanent{}) {
		return bot.TaskDoubtful
	}
	return bot.TaskFailed
}

// unread is the state of an effect that today's code cannot read. Yesterday's
// may have begun the order.
func unread(t bot.Task) string {
	if t.Order && t.Attempts > 1 {
		return bot.TaskDoubtful
	}
	return bot.TaskFailed
}

var outcomes = map[string]bot.Outcome{
	bot.TaskDone: bot.Done, bot.TaskUnchanged: bot.Done,
	bot.TaskFailed: bot.Failed, bot.TaskDoubtful: bot.InDoubt,
}

// end ends an effect; one that settles tells how. Until that is saved t is in
// hand, whatever came of the attempt.
func (e *Engine) end(ctx context.Context, t *bot.Task, effect bot.Effect, state, why string) error {
	ended := *t
	ended.State, ended.Error = state, why
	ended.Receipt.Twice = e.scrub(t.Receipt.Twice)
	if t.Lapses > 0 {
		ended.Hash = "" // whoever had it before may wake and send it yet: the next write looks what is there
	}
	var tell bot.Event
	if s, ok := effect.(bot.Settling); ok {
		tell = s.Settled(outcomes[state], why)
	}
	if err := e.o.Store.FinishTask(ctx, ended, tell); err != nil {
		return err
	}
	*t = ended
	if state == bot.TaskFailed || state == bot.TaskDoubtful {
		e.o.Log.Error("effect "+state, "kind", t.Kind, "key", t.Key, "attempts", t.Attempts, "error", why)
	}
	if state == bot.TaskDone && t.Receipt.Twice != "" {
		e.o.Log.Warn("effect done; what it wrote stands there twice", "kind", t.Kind, "key", t.Key, "error", t.Receipt.Twice)
	}
	if e.o.Watch != nil && effect != nil {
		e.o.Watch(*t, effect)
	}
	e.wake()
	return nil
}

// scrub strikes secrets out: errors are stored, logged and shown.
func (e *Engine) scrub(s string) string {
	if e.o.Strike == nil {
		return s
	}
	return e.o.Strike(s)
}
