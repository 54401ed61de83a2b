package handlers

import (
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// deploymentReported learns what somebody else brought into an environment:
// a repository had a way to deploy before it had us. It is what we compare
// with and go back to until we have brought something there ourselves.
func (h *Handlers) deploymentReported(ctx context.Context, d bot.Delivery[bot.DeploymentReported]) (plan bot.Plan, err error) {
	e := d.Event
	plan.Learn(bot.NewFact("deployment.reported", e.Repo, e.Environment, e.At, map[string]any{"sha": e.SHA, "state": e.State, "environment": e.Environment}).Asked(e.By))
	if e.State != bot.Success {
		return plan, nil
	}
	s, _, err := h.settings(ctx, e.Repo, d.At, &plan)
	if err != nil {
		return plan, err
	}
	for _, service := range s.Pipeline.Services {
		r := newRelease(bot.Change{Ref: bot.ChangeRef{Repo: e.Repo}, Head: e.SHA}, service, "")
		slot, _, err := h.slotOf(ctx, deploy.SlotKey(e.Repo, r.Service, e.Environment))
		if err != nil {
			return plan, err
		}
		if len(s.Pipeline.Services) > 1 && slot.Live != nil {
			continue // it does not say which service it was
		}
		if after, news := slot.Reported(deploy.Placed{Release: r, At: e.At}); news {
			plan.Keep(after)
		}
	}
	return plan, nil
}

// installationChanged notes where we are installed.
func (h *Handlers) installationChanged(_ context.Context, d bot.Delivery[bot.InstallationChanged]) (plan bot.Plan, err error) {
	for _, repo := range d.Event.Added {
		plan.Learn(bot.NewFact("installation.added", repo, string(repo.Name), d.At, nil))
	}
	for _, repo := range d.Event.Removed {
		plan.Learn(bot.NewFact("installation.removed", repo, string(repo.Name), d.At, nil))
	}
	return plan, nil
}

// startOnMerge begins the stages that start with a merge. A gate that stands
// in the way is said on the change; the command then begins by hand.
func (h *Handlers) startOnMerge(ctx context.Context, doc changeDoc, d bot.Delivery[bot.ChangeClosed], plan *bot.Plan) error {
	s, mistakes, err := h.settings(ctx, doc.Change.Ref.Repo, d.At, plan)
	if err != nil || len(mistakes) > 0 {
		return err
	}
	for _, stage := range s.Pipeline.Stages {
		if stage.Start != "merge" {
			continue
		}
		for _, service := range s.Pipeline.Services {
			if err := h.startStage(ctx, s, stage, service, doc.Change, d, plan); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *Handlers) startStage(ctx context.Context, s Settings, stage deploy.Stage, service deploy.Service, c bot.Change, d bot.Delivery[bot.ChangeClosed], plan *bot.Plan) error {
	r := newRelease(c, service, s.Pipeline.Hash)
	r.SHA, r.Merged = c.MergeSHA, true
	slot, running, err := h.slot(ctx, r, stage)
	if err != nil {
		return err
	}
	refused := asRefusal(nil)
	if running != nil {
		refused = &bot.Refusal{Message: string(stage.Name) + " was not started: " + running.Release.SHA.Short() + " is there", Advice: "/deploy " + string(stage.Name)}
	} else {
		err := h.begin(ctx, beginning{settings: s, slot: slot, release: r, stage: stage, by: d.Event.By, now: d.At, plan: plan})
		if refused = asRefusal(err); err != nil && refused == nil {
			return err
		}
	}
	if refused != nil {
		plan.Do(bot.KeepComment{Ref: c.Ref, Place: "start/" + string(stage.Name), Body: refusedWords(*refused)})
	}
	return nil
}
