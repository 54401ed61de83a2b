package handlers

import (
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// deploymentReported learns what somebody else brought into an environment:
// a repository had a way to deploy before it had us. It is what we compare
// with until we have brought something there ourselves, and go back to once it
// was live for as long as what we bring has to be.
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
		after, news := slot.Reported(deploy.Placed{Release: r, Deployment: e.ID, At: e.At, Soak: s.Pipeline.SoakIn(e.Environment)})
		if !news {
			continue
		}
		plan.Keep(after)
		if slot.Running == "" && slot.Live != nil && slot.Live.Rollout != "" { // a rollout of ours retires it at its end
			gone := replaced(*slot.Live, e.Environment, e.SHA, e.At)
			gone.Production = s.Pipeline.Production(e.Environment)
			plan.Do(gone)
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
