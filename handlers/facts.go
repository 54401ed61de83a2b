package handlers

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// liveFact is what the reports learn of a release that has all the traffic:
// what it shipped since the one before. Goal is where its pipeline leads to.
func (h *Handlers) liveFact(ctx context.Context, r deploy.Rollout, goal string, now time.Time) (bot.Fact, error) {
	d := flow.Deployment{
		Rollout: r.ID, Service: r.Release.Service, Environment: r.Stage.Environment, Stage: string(r.Stage.Name),
		SHA: r.Release.SHA, Previous: r.Stable, Kind: r.Kind, Live: r.FirstTraffic(), Complete: now, Goal: goal,
	}
	switch {
	case r.Kind == deploy.KindDeploy && r.Stable == r.Release.SHA:
		d.Kind = flow.Redeploy
	case r.Kind == deploy.KindDeploy && r.Stable != "":
		if err := h.ships(ctx, r, &d); err != nil {
			return bot.Fact{}, err
		}
	}
	return bot.NewFact("release.live", r.Release.Repo, r.ID, now, d).Asked(r.By), nil
}

func failedFact(r deploy.Rollout, now time.Time) bot.Fact {
	return bot.NewFact("rollout.failed", r.Release.Repo, r.ID, now, map[string]any{
		"service": r.Release.Service, "environment": r.Stage.Environment, "stage": r.Stage.Name, "sha": r.Release.SHA, "kind": r.Kind,
		"state": r.State, "weight": r.Weight(), "rollout": r.ID, "why": r.Why, "served": !r.Placed.IsZero(), "blamed": r.Blamed,
	})
}

func recoveredFact(r deploy.Rollout, now time.Time) bot.Fact {
	return bot.NewFact("release.recovered", r.Release.Repo, r.ID, now, map[string]any{
		"service": r.Release.Service, "environment": r.Stage.Environment, "rollout": r.Undoes, "with": r.ID, "by": "rollback", "at": now,
	})
}

func liveFailedFact(p deploy.Placed, stage deploy.Stage, now time.Time, why string) bot.Fact {
	return bot.NewFact("release.failed", p.Release.Repo, p.Rollout, now, map[string]any{
		"service": p.Release.Service, "environment": stage.Environment, "sha": p.Release.SHA, "rollout": p.Rollout, "from": "rollback", "why": why, "at": now,
	})
}
