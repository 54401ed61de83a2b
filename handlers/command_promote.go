package handlers

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	next, more := a.settings.Pipeline.Onward(r.Stage)
	goal := r.Stage
	if r.State == deploy.Resting && more {
		goal = next
	}
	if err := h.authorize(ctx, a.by, "promote", target{repo: a.repo, stage: goal}); err != nil {
		return err
	}
	if r.State == deploy.Returning {
		return goesBack(r)
	}
	if err := h.mayGoOn(ctx, a, r); err != nil {
		return err
	}
	switch {
	case r.State == deploy.Waiting:
		return h.step(ctx, r, slot, deploy.Promote{By: a.by}, a.d.At, a.plan)
	case r.State == deploy.Resting && more:
		return h.takeOver(ctx, a, r, next, slot)
	case r.State == deploy.Resting:
		return bot.Refusal{Message: fmt.Sprintf("no stage follows %s in %s", words.Code(string(r.Stage.Name)), words.Code(r.Stage.Environment)), Advice: a.lineOf("abort", r)}
	}
	return notYet(r, a.d.At)
}

// mayGoOn refuses to bring a release further whose change may not be deployed
// any more: it was closed meanwhile, say. What is left is the way back. It is
// asked as a deploy is, for every door.
func (h *Handlers) mayGoOn(ctx context.Context, a *asked, r deploy.Rollout) error {
	if r.Release.Change.IsZero() || r.Kind != deploy.KindDeploy {
		return nil
	}
	its := *a
	its.ref = r.Release.Change
	c, err := h.target(ctx, &its)
	var refusal bot.Refusal
	if errors.As(err, &refusal) && !c.Open {
		refusal.Advice = a.lineOf("abort", r)
		return refusal
	}
	return err
}

// notYet: nobody is asked now. How long a step has to go is known only while
// it is watched, and until its time is over.
func notYet(r deploy.Rollout, now time.Time) error {
	says := fmt.Sprintf("%s is on its way to %d %%; the time of its step begins once it is there", r.Stage.Name, r.Weight())
	left := r.Stage.Steps[r.Step].For - now.Sub(r.StepAt)
	switch {
	case r.State == deploy.Finishing:
		says = fmt.Sprintf("%s gets the rest of the traffic already", r.Stage.Name)
	case r.State == deploy.Watching && left > 0:
		says = fmt.Sprintf("%s is watched at %d %%; its step has %s to go", r.Stage.Name, r.Weight(), words.For(left))
	case r.State == deploy.Watching:
		says = fmt.Sprintf("%s is watched at %d %%; the time of its step is over, and production has not shown enough yet", r.Stage.Name, r.Weight())
	}
	return bot.Refusal{Message: says, Advice: "Nothing to do: it goes on by itself, or asks for a person."}
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
	return h.showMessage(ctx, a.settings, over, a.plan)
}
