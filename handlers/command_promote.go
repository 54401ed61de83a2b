package handlers

import (
	"context"
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// promote lets a waiting rollout go on, or brings a finished canary to the
// stage that follows.
func (h *Handlers) promote(ctx context.Context, a *asked) error {
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
	b := beginning{settings: a.settings, slot: slot, release: canary.Release, stage: stage, by: a.by, asked: true, now: a.d.At, plan: a.plan}
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

// runningOf is the rollout of the change that was named, or, in chat without
// a name, the only one of the repository. The command's first word may name
// the stage; where several are meant, none is touched.
func (h *Handlers) runningOf(ctx context.Context, a *asked) (r deploy.Rollout, slot deploy.Slot, err error) {
	keys, err := h.Store.Keys(ctx, "slot/"+a.repo.Key()+"/")
	if err != nil {
		return r, slot, err
	}
	var found []string
	for _, key := range keys {
		s, running, err := h.slotOf(ctx, key[len("slot/"):])
		if err != nil {
			return r, s, err
		}
		if running != nil && a.means(*running) {
			r, slot = *running, s
			found = append(found, fmt.Sprintf("#%d in %s", running.Release.Change.Number, running.Stage.Name))
		}
	}
	switch len(found) {
	case 0:
		return r, slot, bot.Refusal{Message: "nothing of this change is on its way", Advice: "/status"}
	case 1:
		return r, slot, nil
	}
	return r, slot, bot.Refusal{
		Message: fmt.Sprintf("several are on their way: %s", strings.Join(found, ", ")),
		Advice:  fmt.Sprintf("/%s %s", a.cmd.Verb, r.Stage.Name),
	}
}

// means reports whether a rollout is what the command is about.
func (a *asked) means(r deploy.Rollout) bool {
	if a.only != "" {
		return r.ID == a.only
	}
	if len(a.args) > 0 {
		if stage, ok := a.settings.Pipeline.Stage(a.args[0]); ok && stage.Name != r.Stage.Name {
			return false
		}
	}
	return a.ref.IsZero() || r.Release.Change.Number == a.ref.Number
}
