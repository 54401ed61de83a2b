package handlers

import (
	"context"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// seek the runs that would tell more of what fails on a branch, and come back
// when it is time to look again.
func seek(b policies.Build, now time.Time, plan *bot.Plan) policies.Build {
	wanted := b.Wanted(now)
	for _, a := range wanted {
		if !a.Refused {
			plan.Do(bot.RunAgain{Repo: b.Repo, Branch: b.Branch, Check: a.Check, SHA: a.SHA, App: a.App, Run: a.Run})
		}
	}
	if at := b.Due(); !at.IsZero() {
		plan.Wake(bot.Timer{
			ID: fmt.Sprintf("build/%s/%s/%d", b.Repo.Key(), b.Branch, at.Unix()), At: at,
			Event: bot.BuildDue{Repo: b.Repo, Branch: b.Branch},
		})
	}
	if len(wanted) == 0 {
		return b
	}
	return b.Ask(now, wanted...)
}

// flaked is what is remembered of a failure that was none; nil where it is not
// one.
func flaked(t turned) *bot.Fact {
	suspected := t.before.Health == policies.Suspect || t.before.Health == policies.Undecided
	if !suspected || len(t.before.Causes) == 0 || t.after.Health != policies.Green {
		return nil
	}
	c := t.before.Causes[0]
	f := bot.NewFact("main.flaked", t.after.Repo, t.after.Branch, t.after.Since, map[string]any{
		"branch": t.after.Branch, "check": c.Check, "sha": c.SHA, "minutes": t.after.Since.Sub(c.At).Minutes(),
	})
	return &f
}

// buildDue considers a branch again when nothing was heard of it for a while.
func (h *Handlers) buildDue(ctx context.Context, d bot.Delivery[bot.BuildDue]) (plan bot.Plan, err error) {
	err = h.reconsider(ctx, d.Event.Repo, d.Event.Branch, d.ID, d.At, func(b policies.Build) policies.Build { return b }, &plan)
	return plan, err
}

// rerunSettled notes that a run cannot be had: then the branch is judged by
// what there is.
func (h *Handlers) rerunSettled(ctx context.Context, d bot.Delivery[bot.RerunSettled]) (plan bot.Plan, err error) {
	e := d.Event
	if e.Outcome == bot.Done {
		return plan, nil
	}
	err = h.reconsider(ctx, e.Repo, e.Branch, d.ID, d.At, func(b policies.Build) policies.Build { return b.Refused(e.Check, e.SHA) }, &plan)
	return plan, err
}

// reconsider a branch that is still watched, after a change of what is
// known of it.
func (h *Handlers) reconsider(ctx context.Context, repo bot.RepoRef, branch, cause string, now time.Time, change func(policies.Build) policies.Build, plan *bot.Plan) error {
	s, _, err := h.settings(ctx, repo, now, plan)
	if err != nil || !s.Policies.Green.Watched(branch) {
		return err
	}
	b, err := h.buildSeen(ctx, repo, branch, plan)
	if err != nil || len(b.Line) == 0 {
		return err
	}
	t := turned{before: b, sha: b.Line[len(b.Line)-1], cause: cause, now: now}
	t.after, t.broke, t.healed = policies.Reconsider(change(b), s.Policies.Green, now)
	return h.follows(ctx, s, t, plan)
}
