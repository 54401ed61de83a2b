package executor

import (
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// mover does what moves traffic with a run for each verb.
type mover interface {
	Find(ctx context.Context, o bot.StageOrder) (bool, error)
	move(ctx context.Context, o bot.StageOrder, verb string) error
}

// moves are those of an executor.
type moves struct{ by mover }

// SetWeight begins a run with the weight.
func (m moves) SetWeight(ctx context.Context, o bot.StageOrder) error {
	if o.Weight < 0 || o.Weight > 100 {
		return permanent("weight %s: %d is not between 0 and 100", o.Key, o.Weight)
	}
	return m.by.move(ctx, o, "weight")
}

// Finish begins a run.
func (m moves) Finish(ctx context.Context, o bot.StageOrder) error {
	return m.by.move(ctx, o, "finish")
}

// Abort stops what runs and begins a run that brings the traffic back.
func (m moves) Abort(ctx context.Context, o bot.StageOrder) error {
	whose, err := whoseTraffic(ctx, m.by, o)
	if err != nil {
		return err
	}
	return m.by.move(ctx, whose, "abort")
}

// whoseTraffic is the order that an abort of o undoes: of a take-over that was
// never started, the canary that it was to go on with.
func whoseTraffic(ctx context.Context, x mover, o bot.StageOrder) (bot.StageOrder, error) {
	if o.Over == "" {
		return o, nil
	}
	found, err := x.Find(ctx, o)
	if err != nil || found {
		return o, err
	}
	return o.Earlier(), nil
}
