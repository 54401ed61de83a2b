package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// performNext carries out the next effect of the kinds, unless too much is owed.
func (e *Engine) performNext(ctx context.Context, kinds []string) (bool, error) {
	if e.owed.count() >= mostOwed {
		return false, nil
	}
	t, ok, err := e.o.Store.ClaimTask(ctx, e.o.Owner, kinds, e.o.Lease)
	if err != nil || !ok {
		return false, err
	}
	effect, err := bot.DecodeEffect(t.Kind, t.Body)
	if err != nil {
		return true, e.ignoreLost(ctx, e.end(ctx, &t, nil, unread(t), err.Error()), false)
	}
	if deadly, err := e.deadly(ctx, t.Lapses, t.At); err != nil {
		return false, err
	} else if deadly {
		return true, e.ignoreLost(ctx, e.layAside(ctx, t, effect), false)
	}
	return true, e.attempt(ctx, t, effect)
}

func (e *Engine) attempt(ctx context.Context, t bot.Task, effect bot.Effect) error {
	last, hash, known, err := e.o.Store.Receipt(ctx, t.Kind, t.Key)
	switch {
	case err != nil && handsOver(ctx):
		return e.handOverTask(ctx, t)
	case err != nil:
		return err
	}
	job := bot.Job{Effect: effect, Last: last, Attempt: t.Attempts, Beside: known && hash == ""}
	// After an attempt nobody confirmed, what is there is not what was last
	// written: it is written again.
	if hash == t.Hash && !t.Order && t.Attempts == 1 {
		t.Receipt = last
		return e.ignoreLost(ctx, e.end(ctx, &t, effect, bot.TaskUnchanged, ""), false)
	}
	octx, ended := e.begin(ctx, Work{What: Performing, Task: t})
	actx, end := e.held(octx, func(ctx context.Context) error { return e.o.Store.RenewTask(ctx, t, e.o.Lease) })
	t.Receipt, err = e.do(bot.WithPriority(actx, bot.PriorityOf(effect)), job)
	lost := end()
	if err != nil && ctx.Err() != nil {
		ended(Work{What: Performing, Task: t}, err)
		if handsOver(ctx) {
			return e.handOverTask(ctx, t)
		}
		return nil // we are gone; the lease runs out and it is taken up again
	}
	ctx, down := writing(ctx) // what was done is written down
	defer down()
	settled := e.settle(ctx, &t, effect, err)
	ended(Work{What: Performing, Task: t}, err)
	if settled != nil && !t.Order {
		// Another has it by now, or may have, and what we sent may have come
		// after what the other wrote, or stand beside it: nobody there asks who
		// sent it.
		e.owe(ctx, t)
	}
	return e.ignoreLost(ctx, settled, lost)
}

// do performs an effect. An order that may have been begun before is asked
// about first, and done only if it was not.
func (e *Engine) do(ctx context.Context, job bot.Job) (r bot.Receipt, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	performer := e.by[job.Effect.Kind()]
	if order, ok := job.Effect.(bot.Order); ok && job.Attempt > 1 {
		r, done, err := confirm(ctx, performer, order)
		if err != nil || done {
			return r, err
		}
	}
	return performer.Perform(ctx, job)
}

func confirm(ctx context.Context, p Performer, o bot.Order) (bot.Receipt, bool, error) {
	c, ok := p.(Confirmer)
	if !ok {
		return bot.Receipt{}, false, bot.Doubtful{Err: fmt.Errorf("nobody can tell whether order %s took place", o.OrderID())}
	}
	r, done, err := c.Confirm(ctx, o)
	if errors.As(err, &bot.Permanent{}) { // the question was refused, which says nothing about the order
		err = bot.Doubtful{Err: fmt.Errorf("ask whether order %s took place: %w", o.OrderID(), err)}
	}
	return r, done, err
}
