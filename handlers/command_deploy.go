package handlers

import (
	"context"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// deploy binds the commit, asks every gate, and begins a rollout.
func (h *Handlers) deploy(ctx context.Context, a *asked) error {
	w, err := a.wish()
	if err != nil {
		return err
	}
	c, err := h.target(ctx, a)
	if err != nil {
		return err
	}
	r, err := h.release(ctx, a, c, w)
	if err != nil {
		return err
	}
	stage, err := h.whichStage(ctx, a, w, r)
	if err != nil {
		return err
	}
	if err := h.authorize(ctx, a.by, "deploy", target{repo: a.repo, stage: stage}); err != nil {
		return err
	}
	slot, running, err := h.slot(ctx, r, stage)
	if err != nil {
		return err
	}
	if running != nil {
		return h.besides(ctx, a, *running, r, stage, slot)
	}
	return h.begin(ctx, beginning{settings: a.settings, slot: slot, release: r, stage: stage, by: a.by, asked: true, named: len(w.commit) == fullSHA, now: a.d.At, plan: a.plan})
}

// besides: the slot is taken. The same release's finished canary is meant to
// go on; anything else waits.
func (h *Handlers) besides(ctx context.Context, a *asked, running deploy.Rollout, r deploy.Release, stage deploy.Stage, slot deploy.Slot) error {
	if running.State == deploy.Resting && running.Release.Same(r) && running.Stage.Name != stage.Name {
		return h.takeOver(ctx, a, running, stage, slot)
	}
	refusal := bot.Refusal{
		Message: fmt.Sprintf("%s is taken: %s is in %s (%s)", stage.Environment, running.Release.Named(), running.Stage.Name, running.State.Words()),
		Advice:  "Wait until it is through, or write " + abortLine(running, a.settings.Pipeline) + " on that change.",
	}
	if running.Release.Change.IsZero() {
		refusal.Advice = fmt.Sprintf("Wait until it is through, or stop it in chat: /roundtrip abort %s %s", a.repo.Name, a.placed(running.Release.Service, running.Stage.Name))
	}
	return refusal
}

// pipeline refuses to deploy by a file that is wrong or missing: the last
// good version is for policies, not for what changes production.
func (a *asked) pipeline() (deploy.Pipeline, error) {
	switch {
	case len(a.mistakes) > 0:
		return deploy.Pipeline{}, bot.Refusal{
			Message: fmt.Sprintf("%s has %s, so nothing new is deployed by it. The first is at %s", ConfigPath, words.Plural(len(a.mistakes), "mistake"), words.Code(a.mistakes[0])),
			Advice:  "Correct the file on the default branch, then ask again. Going back works meanwhile.",
		}
	case len(a.settings.Pipeline.Stages) == 0:
		return deploy.Pipeline{}, bot.Refusal{
			Message: fmt.Sprintf("%s of the default branch names no stages, so I do not know where to deploy", words.Code(ConfigPath)),
			Advice:  "Add a `stages:` section; docs/configuration.md has one to begin with.",
		}
	}
	return a.settings.Pipeline, nil
}

// whichStage is the one that was named, else the first in which the release
// has not been. A bare command never means production.
func (h *Handlers) whichStage(ctx context.Context, a *asked, w wish, r deploy.Release) (deploy.Stage, error) {
	pipeline := a.settings.Pipeline
	if w.stage != "" {
		return a.stage(w)
	}
	been, err := h.been(ctx, r, pipeline)
	if err != nil {
		return deploy.Stage{}, err
	}
	for _, s := range pipeline.Stages {
		if _, ok := been[s.Name]; ok {
			continue
		}
		if s.Production && !s.Canary() {
			return s, bot.Refusal{Message: fmt.Sprintf("the next stage is %s, and a bare /deploy never means that", words.Code(string(s.Name))), Advice: a.line(w, w.service, string(s.Name)), Puzzled: true}
		}
		return s, nil
	}
	return deploy.Stage{}, bot.Refusal{Message: fmt.Sprintf("%s has been in every stage", r.SHA.Short()), Advice: "/status"}
}

// beginning is what it takes to begin a rollout.
type beginning struct {
	settings Settings
	slot     deploy.Slot
	release  deploy.Release
	stage    deploy.Stage
	by       bot.Person
	asked    bool
	named    bool      // by its whole commit
	over     string    // the rollout whose canary it goes on with
	since    time.Time // it had traffic in this slot since; zero: not yet
	canary   time.Time // when that of over began
	now      time.Time
	plan     *bot.Plan
}

// begin asks every gate and, if none stands in the way, begins.
func (h *Handlers) begin(ctx context.Context, b beginning) error {
	answers, err := h.askGates(ctx, b)
	if err != nil {
		return err
	}
	if blocking := deploy.Blocking(answers); len(blocking) > 0 {
		return refusal(b, blocking)
	}
	slot, rollout, plan := deploy.Begin(b.slot, deploy.Asking{
		Release: b.release, Stage: b.stage, Watch: watch(b.settings.Pipeline), Kind: deploy.KindDeploy, By: b.by, Asked: b.asked, Over: b.over, Since: b.since, Canary: b.canary,
	}, b.now)
	b.plan.Join(plan)
	b.plan.Keep(slot, rollout)
	return h.show(ctx, b.settings, rollout, slot, b.plan)
}

func watch(p deploy.Pipeline) deploy.Watch {
	return deploy.Watch{Sources: p.Sources, Arms: p.Arms, Metrics: p.Metrics, Judge: p.Judge}
}
