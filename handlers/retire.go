package handlers

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// retire shows the deployment that was live before as inactive, whoever made
// it. GitHub would do so by itself (auto_inactive) in no production
// environment, and for all services of any other.
func (h *Handlers) retire(ctx context.Context, r deploy.Rollout, now time.Time, plan *bot.Plan) error {
	if r.Before == "" && r.Outside == 0 {
		return nil
	}
	if shared, err := h.shared(ctx, r, plan); err != nil || shared {
		return err
	}
	e := replaced(deploy.Placed{Release: deploy.Release{Repo: r.Release.Repo, SHA: r.Stable}, Rollout: r.Before, Deployment: r.Outside}, r.Stage.Environment, r.Release.SHA, now)
	e.Production, e.Step = r.Stage.Production, r.Number
	if r.Asked {
		plan.Answer(e)
		return nil
	}
	plan.Do(e)
	return nil
}

// shared reports whether another service still runs from the deployment of
// somebody else that brought what was live before. The plan rests on that: of
// two that finish together each sees the other still run from it, and the one
// that is saved last looks again.
func (h *Handlers) shared(ctx context.Context, r deploy.Rollout, plan *bot.Plan) (bool, error) {
	if r.Outside == 0 {
		return false, nil
	}
	slots, err := h.slotsOf(ctx, r.Release.Repo)
	for _, slot := range slots {
		if slot.Key != r.Slot && slot.Live != nil && slot.Live.Deployment == r.Outside {
			plan.See(slot.DocKey(), slot.V)
			return true, nil
		}
	}
	return false, err
}

// replaced says of what was live that it no longer is.
func replaced(p deploy.Placed, environment string, by bot.SHA, now time.Time) bot.MirrorRollout {
	return bot.MirrorRollout{
		Repo: p.Release.Repo, Rollout: p.Rollout, Deployment: p.Deployment, SHA: p.Release.SHA, Environment: environment, Task: "deploy",
		State: "inactive", Description: "replaced by " + by.Short(), At: now,
	}
}
