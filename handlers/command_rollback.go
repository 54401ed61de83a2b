package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// rollback brings back what was last known good. It asks no gate: going back
// is always possible. A rollout that is on its way in the environment goes
// back first.
func (h *Handlers) rollback(ctx context.Context, a *asked) error {
	service, stage, err := h.toRollBack(a)
	if err != nil {
		return err
	}
	if err := h.authorize(ctx, a.by, "rollback", target{repo: a.repo, stage: stage}); err != nil {
		return err
	}
	slot, running, err := h.slotOf(ctx, deploy.SlotKey(a.repo, service, stage.Environment))
	if err != nil {
		return err
	}
	if running != nil && running.State == deploy.Returning {
		return goesBack(*running)
	}
	if running != nil && running.Kind == deploy.KindDeploy {
		return h.step(ctx, *running, slot, deploy.Abort{By: a.by, Reason: "rolled back by " + a.by.Name()}, a.d.At, a.plan)
	}
	if running != nil {
		return bot.Refusal{Message: fmt.Sprintf("a rollback to %s is on its way already", running.Release.SHA.Short()), Advice: "/status"}
	}
	return h.goBack(ctx, a, service, stage, slot)
}

func (h *Handlers) goBack(ctx context.Context, a *asked, service string, stage deploy.Stage, slot deploy.Slot) error {
	good, ok := slot.Back()
	if !ok {
		return bot.Refusal{
			Message: fmt.Sprintf("%s with %s has nothing to go back to: no release was live and soaked there before", words.Code(stage.Environment), words.Code(service)),
			Advice:  "Ask for what you trust, on its change: /deploy " + a.placed(service, stage.Name),
		}
	}
	stage.Steps = []deploy.WeightStep{{Weight: 100}} // fast: no weights, no soak
	undone := slot.Live
	if undone != nil && undone.Release.SHA == good.Release.SHA {
		undone = nil // nobody knows what runs; what was live is not taken back, it is brought back
	}
	if undone != nil && !slot.IsBad(undone.Release.SHA) {
		slot = slot.Marked(undone.Release.SHA)
		a.plan.Learn(liveFailedFact(*undone, stage, a.d.At, "rolled back by "+a.by.Name()))
	}
	asking := deploy.Asking{Release: good.Release, Stage: stage, Kind: deploy.KindRollback, By: a.by, Asked: true}
	if undone != nil {
		asking.Undoes = undone.Rollout
	}
	slot, rollout, plan := deploy.Begin(slot, asking, a.d.At)
	a.plan.Join(plan)
	a.plan.Keep(slot, rollout)
	a.answer = fmt.Sprintf("⏪ Going back: %s in %s to `%s`.\n", service, stage.Environment, good.Release.SHA.Short())
	return h.show(ctx, a.settings, rollout, slot, a.plan)
}

// toRollBack is the place that was named; without a stage, the last of the
// pipeline. The last good version of the file is enough to go back.
func (h *Handlers) toRollBack(a *asked) (service string, stage deploy.Stage, err error) {
	w, err := a.wishedPlace()
	if err != nil {
		return "", stage, err
	}
	p := a.settings.Pipeline
	if len(p.Stages) == 0 {
		_, err := a.pipeline()
		return "", stage, err
	}
	stage = p.Stages[len(p.Stages)-1]
	if w.stage != "" {
		if stage, err = a.stage(w); err != nil {
			return "", stage, err
		}
	}
	w.stage = string(stage.Name)
	s, err := a.service(w)
	return s.NameIn(a.repo), stage, err
}

// abort stops a change's rollout; the traffic goes back to what was stable.
func (h *Handlers) abort(ctx context.Context, a *asked) error {
	r, slot, err := h.toAbort(ctx, a)
	if err != nil {
		return err
	}
	if err := h.authorize(ctx, a.by, "abort", target{repo: a.repo, stage: r.Stage}); err != nil {
		return err
	}
	if r.State == deploy.Returning {
		return goesBack(r)
	}
	reason := "stopped by " + a.by.Name()
	if len(a.args) > 1 || len(a.args) == 1 && a.at.stage.Name == "" {
		reason += ": " + clip(strings.Join(a.args, " "), 120)
	}
	return h.step(ctx, r, slot, deploy.Abort{By: a.by, Reason: reason}, a.d.At, a.plan)
}

// toAbort is the rollout that goes on. Its place may be the first word; all
// else is the reason, so that no slip of the hand keeps a stop from stopping.
func (h *Handlers) toAbort(ctx context.Context, a *asked) (deploy.Rollout, deploy.Slot, error) {
	if len(a.args) > 0 {
		w := wish{}
		w.service, w.stage = placeOf(a.args[0])
		if at, err := a.placeIn(w); err == nil && w.stage != "" {
			a.at = at
		}
	}
	r, slot, err := h.runningOf(ctx, a)
	var refusal bot.Refusal
	if errors.As(err, &refusal) && r.ID == "" {
		if ended := h.finished(ctx, a); ended != nil {
			err = ended
		}
		err = h.elsewhere(ctx, a, err)
	}
	return r, slot, err
}

// showMessage keeps the message of a rollout that another took over; its
// comment's place belongs to the other now.
func (h *Handlers) showMessage(ctx context.Context, s Settings, r deploy.Rollout, plan *bot.Plan) error {
	channel := s.Notify.ForDeploys()
	if channel == "" {
		return nil
	}
	been, err := h.been(ctx, r.Release, s.Pipeline)
	if err != nil {
		return err
	}
	view := viewOf(r, s.Pipeline, been, deploy.Slot{})
	text, blocks := view.Message()
	plan.Answer(bot.KeepMessage{Repo: r.Release.Repo, Channel: channel, Place: "rollout/" + r.ID, Text: text, Blocks: blocks})
	return nil
}
