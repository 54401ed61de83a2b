package handlers

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// seek the runs that would tell more of what fails on a branch, and come back
// when it is time to look again.
func seek(b policies.Build, now time.Time, plan *bot.Plan) policies.Build {
	wanted := b.Wanted(now)
	for _, a := range wanted {
		plan.Do(bot.RunAgain{Repo: b.Repo, Branch: b.Branch, Check: a.Check, SHA: a.SHA, App: a.App, Run: a.Run})
	}
	if len(wanted) > 0 {
		b = b.Ask(wanted...)
	}
	if at := b.Due(now); !at.IsZero() {
		plan.Wake(bot.Timer{
			ID: fmt.Sprintf("build/%s/%s/%d", b.Repo.Key(), b.Branch, at.Unix()), At: at,
			Event: bot.BuildDue{Repo: b.Repo, Branch: b.Branch},
		})
	}
	return b
}

// flaked is what is remembered of a failure that was none, for the same commit
// passed after it; nil where it is not one. What passes on a later commit may have
// been repaired.
func flaked(t turned) *bot.Fact {
	suspected := t.before.Health == policies.Suspect || t.before.Health == policies.Undecided
	if !suspected || len(t.before.Causes) == 0 || t.after.Health != policies.Green {
		return nil
	}
	c := t.before.Causes[0]
	if !t.after.Passed(c.Check, c.SHA) {
		return nil
	}
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
	err = h.reconsider(ctx, e.Repo, e.Branch, d.ID, d.At, func(b policies.Build) policies.Build { return b.Refused(e.Check, e.SHA, whyNot(e)) }, &plan)
	return plan, err
}

// whyNot is why a run was refused, without what we were doing.
func whyNot(e bot.RerunSettled) string {
	why := e.Detail
	if _, after, cut := strings.Cut(why, " of "+string(e.Repo.Name)+": "); cut {
		why = after
	}
	return clip(why, 200)
}

// placed is a branch, once it is known how many commits came with the one that
// may have broken it, since the one that passed before: GitHub is asked where the
// pushes do not tell. Where it does not answer nobody is certain, and the next
// event asks again.
func (h *Handlers) placed(ctx context.Context, s Settings, b policies.Build, now time.Time) policies.Build {
	for _, c := range b.Causes {
		if c.State == "" || c.After == "" || c.Steps > 0 || c.Finding.Blamed() != 1 {
			continue
		}
		commits, err := h.GitHub.Compare(ctx, b.Repo, c.After, c.SHA)
		if err == nil && len(commits) > 0 {
			b, _, _ = policies.Reconsider(b.WithSteps(c.SHA, steps(commits, c.After, c.SHA)), s.Policies.Green, now)
		}
	}
	return b
}

// steps from a commit to another, by first parents; where one is not behind the
// other in that way, more than one.
func steps(commits []bot.Commit, from, to bot.SHA) (n int) {
	parent := map[bot.SHA]bot.SHA{}
	for _, c := range commits {
		parent[c.SHA] = c.Parent
	}
	for at := to; at != from; at = parent[at] {
		if n++; at == "" || n > len(commits) {
			return max(2, len(commits))
		}
	}
	return n
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
