package handlers

import (
	"context"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// groupFormed answers a merge queue: it waits for every required check on the
// group's own commit, so each of ours is answered at once. A green main lets
// the group pass; a red one does not, unless the group holds the repair.
//
// What a policy that is off, or observes, never writes on a change it does not
// write on a group either: a change that misses a required check is not queued
// at all, and is where people see that it is missing. But a change that was
// shown the check while the policy asked for it may be queued, and the queue
// then waits for the check: it is let go, as what is held up on changes is.
func (h *Handlers) groupFormed(ctx context.Context, d bot.Delivery[bot.GroupFormed]) (plan bot.Plan, err error) {
	s, _, err := h.settings(ctx, d.Event.Repo, d.At, &plan)
	if err != nil {
		return plan, err
	}
	b, err := h.buildSeen(ctx, d.Event.Repo, d.Event.Base, &plan)
	if err != nil {
		return plan, err
	}
	last, _, err := h.change(ctx, bot.ChangeRef{Repo: d.Event.Repo, Number: d.Event.Last})
	if err != nil {
		return plan, err
	}
	runs, err := h.runsOn(ctx, d.Event.Repo, last.Change.Head, &plan)
	if err != nil {
		return plan, err
	}
	group := bot.Change{Ref: bot.ChangeRef{Repo: d.Event.Repo}, Head: d.Event.SHA}
	for _, p := range policies.All() {
		switch mode := p.Mode(s.Policies); {
		case mode.Asks():
			plan.Do(check(group, p, policies.JudgeGroup(p, b, s.Policies, runs), ""))
		case slices.Contains(last.Shown, p.Check):
			plan.Do(check(group, p, policies.Released(p, mode, s.HasFile), ""))
		}
	}
	return plan, nil
}
