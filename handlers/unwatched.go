package handlers

import (
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// asksForGreen reports whether people are told and changes wait when a branch
// is red; a policy that observes only records it.
func asksForGreen(s Settings, branch string) bool {
	return s.Policies.Green.Watched(branch) && s.Policies.Green.Mode != policies.Observe
}

// watchBy takes the incidents of a repository from one version of its file to
// the next: where main is asked to be green no more, its incident is told to
// its end; where it is asked again, its incident is shown again.
func (h *Handlers) watchBy(ctx context.Context, repo bot.RepoRef, old, fresh Settings, d bot.Delivery[bot.Pushed], plan *bot.Plan) error {
	keys, err := h.Store.Keys(ctx, policies.BuildKey(repo, ""))
	if err != nil {
		return err
	}
	for _, key := range keys {
		var b policies.Build
		if _, err := h.Store.Doc(ctx, key, &b); err != nil {
			return err
		}
		plan.See(key, b.V)
		asked, asks := asksForGreen(old, b.Branch), asksForGreen(fresh, b.Branch)
		switch red := b.Health == policies.Red; {
		case red && asked && !asks:
			err = h.leaves(ctx, old, b, plan)
		case red && !asked && asks:
			err = h.showIncident(ctx, fresh, b, plan)
		}
		if err != nil {
			return err
		}
		if !fresh.Policies.Green.Watched(b.Branch) && b.Health != policies.Unknown {
			h.forgetHealth(b, d, plan)
		}
	}
	return nil
}

// leaves tells the channel, once, that nobody is reminded any more.
func (h *Handlers) leaves(ctx context.Context, old Settings, b policies.Build, plan *bot.Plan) error {
	open, err := h.openChanges(ctx, b.Repo, b.Branch)
	if err != nil {
		return err
	}
	incident, err := h.incident(ctx, b)
	if err != nil {
		return err
	}
	incident.Waiting = len(open)
	text, blocks := incident.Unwatched()
	h.tellMain(old, b, "", text, blocks, plan)
	h.tellMain(old, b, "unwatched", text, nil, plan)
	return nil
}

// forgetHealth of a branch of whose checks we take no notice any more: what is
// not looked at is not said.
func (h *Handlers) forgetHealth(b policies.Build, d bot.Delivery[bot.Pushed], plan *bot.Plan) {
	if b.Health == policies.Red {
		plan.Learn(bot.NewFact("main.unwatched", b.Repo, b.Branch, d.At, map[string]any{
			"branch": b.Branch, "number": b.Number, "broke": b.Since,
		}).Asked(d.Event.By))
	}
	plan.Keep(b.Unwatched(d.At))
}
