package handlers

import (
	"context"
	"errors"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

func asRefusal(err error) *bot.Refusal {
	var r bot.Refusal
	if errors.As(err, &r) {
		return &r
	}
	return nil
}

func refusedWords(r bot.Refusal) string { return words.Refused(r) }

// liveFact is what the reports learn of a release that has all the traffic:
// what it shipped since the one before.
func (h *Handlers) liveFact(ctx context.Context, r deploy.Rollout, now time.Time) (bot.Fact, error) {
	kind := r.Kind
	if kind == deploy.KindDeploy && r.Stable == r.Release.SHA {
		kind = "redeploy"
	}
	var ships []map[string]any
	if kind == deploy.KindDeploy && r.Stable != "" {
		commits, err := h.GitHub.Compare(ctx, r.Release.Repo, r.Stable, r.Release.SHA)
		if err != nil {
			return bot.Fact{}, err
		}
		for _, c := range commits {
			ships = append(ships, map[string]any{"sha": c.SHA, "authored": c.Authored, "number": r.Release.Change.Number, "kind": commitKind(c)})
		}
	}
	return bot.NewFact("release.live", r.Release.Repo, r.ID, now, map[string]any{
		"service": r.Release.Service, "environment": r.Stage.Environment, "stage": r.Stage.Name, "sha": r.Release.SHA,
		"previous_sha": r.Stable, "rollout": r.ID, "kind": kind, "ships": ships, "at": now,
	}).Asked(r.By), nil
}

func commitKind(c bot.Commit) string {
	switch {
	case c.Parents > 1:
		return "merge"
	case len(c.Title) > 7 && c.Title[:7] == "Revert ":
		return "revert"
	case len(c.Author) > 5 && c.Author[len(c.Author)-5:] == "[bot]":
		return "bot"
	}
	return "human"
}

func failedFact(r deploy.Rollout, now time.Time) bot.Fact {
	return bot.NewFact("rollout.failed", r.Release.Repo, r.ID, now, map[string]any{
		"service": r.Release.Service, "environment": r.Stage.Environment, "stage": r.Stage.Name, "sha": r.Release.SHA,
		"rollout": r.ID, "why": r.Why, "served": !r.Placed.IsZero(), "blamed": r.Blamed,
	})
}

func recoveredFact(r deploy.Rollout, now time.Time) bot.Fact {
	return bot.NewFact("release.recovered", r.Release.Repo, r.ID, now, map[string]any{
		"service": r.Release.Service, "environment": r.Stage.Environment, "rollout": r.Undoes, "by": "rollback", "at": now,
	})
}

func liveFailedFact(p deploy.Placed, stage deploy.Stage, now time.Time, why string) bot.Fact {
	return bot.NewFact("release.failed", p.Release.Repo, p.Rollout, now, map[string]any{
		"service": p.Release.Service, "environment": stage.Environment, "sha": p.Release.SHA, "rollout": p.Rollout, "why": why, "at": now,
	})
}
