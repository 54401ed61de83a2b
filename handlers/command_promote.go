package handlers

import (
	"context"
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// promote lets a waiting rollout go on, or brings a finished canary to the
// stage that follows.
func (h *Handlers) promote(ctx context.Context, a *asked) error {
	w, err := a.wishedPlace()
	if err != nil {
		return err
	}
	if a.at, err = a.placeIn(w); err != nil {
		return err
	}
	r, slot, err := h.runningOf(ctx, a)
	if err != nil {
		return err
	}
	next, more := a.settings.Pipeline.Next(r.Stage.Name)
	goal := r.Stage
	if r.State == deploy.Resting && more {
		goal = next
	}
	if err := h.authorize(ctx, a.by, "promote", target{repo: a.repo, stage: goal}); err != nil {
		return err
	}
	switch {
	case r.State == deploy.Returning:
		return goesBack(r)
	case r.State == deploy.Waiting:
		return h.step(ctx, r, slot, deploy.Promote{By: a.by}, a.d.At, a.plan)
	case r.State == deploy.Resting && more:
		return h.takeOver(ctx, a, r, next, slot)
	case r.State == deploy.Resting:
		return bot.Refusal{Message: fmt.Sprintf("no stage follows %s", r.Stage.Name), Advice: "/abort"}
	}
	left := r.Stage.Steps[r.Step].For - a.d.At.Sub(r.StepAt)
	return bot.Refusal{
		Message: fmt.Sprintf("%s is %s at %d %%; its step has %s to go", r.Stage.Name, r.State, r.Weight(), words.For(left)),
		Advice:  "It goes on by itself when production shows nothing worse; /abort stops it.",
	}
}

// takeOver hands the slot from a finished canary to the next stage of the
// same release, in one transaction: nobody else can come between.
func (h *Handlers) takeOver(ctx context.Context, a *asked, canary deploy.Rollout, stage deploy.Stage, slot deploy.Slot) error {
	b := beginning{settings: a.settings, slot: slot, release: canary.Release, stage: stage, by: a.by, asked: true, over: canary.ID, since: canary.FirstTraffic(), canary: canary.Began, now: a.d.At, plan: a.plan}
	b.release.Config = a.settings.Pipeline.Hash
	if len(a.mistakes) > 0 {
		if _, err := a.pipeline(); err != nil {
			return err
		}
	}
	over, plan := deploy.Step(canary, deploy.TakenOver{By: a.by.Name()}, a.d.At)
	b.slot = slot.Settle(over, a.d.At)
	if err := h.begin(ctx, b); err != nil {
		return err
	}
	a.plan.Join(plan)
	a.plan.Keep(over)
	return h.showMessage(ctx, a.settings, over, a.d.At, a.plan)
}
