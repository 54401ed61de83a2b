package handlers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

func (h *Handlers) build(ctx context.Context, repo bot.RepoRef, branch string) (policies.Build, error) {
	b := policies.Build{Repo: repo, Branch: branch, Health: policies.Unknown}
	_, err := h.Store.Doc(ctx, policies.BuildKey(repo, branch), &b)
	return b, err
}

// buildSeen is a build that the plan rests on: if it turns before the plan is
// saved, all is decided anew.
func (h *Handlers) buildSeen(ctx context.Context, repo bot.RepoRef, branch string, plan *bot.Plan) (policies.Build, error) {
	b, err := h.build(ctx, repo, branch)
	plan.See(b.DocKey(), b.V)
	return b, err
}

// pushed notes a branch's new head, and reads the repository's file again
// when the push touched it.
func (h *Handlers) pushed(ctx context.Context, d bot.Delivery[bot.Pushed]) (plan bot.Plan, err error) {
	e := d.Event
	if e.Deleted {
		return plan, nil
	}
	if e.Default && (e.Forced || slices.Contains(e.Paths, ConfigPath)) {
		if plan, err = h.reread(ctx, e.Repo, d); err != nil {
			return plan, err
		}
	}
	s, _, err := h.settings(ctx, e.Repo, d.At, &plan)
	if err != nil || !s.Policies.Green.Watched(e.Branch) {
		return plan, err
	}
	b, err := h.build(ctx, e.Repo, e.Branch)
	if err != nil {
		return plan, err
	}
	t := turned{before: b, sha: e.After, cause: d.ID, now: d.At}
	if b, err = h.moved(ctx, b, e); err != nil {
		return plan, err
	}
	t.after, t.broke, t.healed = policies.Reconsider(b, s.Policies.Green, d.At)          // a forced push may take a fault off
	if r := t.after.Revert; t.after.Health == policies.Red && r != nil && r.Opened > 0 { // it may no longer bring back what was green
		plan.Wake(bot.Timer{
			ID: fmt.Sprintf("judge/moved/%s/%s/%d", b.Branch, e.After, r.Opened), At: d.At,
			Event: bot.JudgeDue{Ref: bot.ChangeRef{Repo: e.Repo, Number: r.Opened}, Why: "main moved"},
		})
	}
	err = h.follows(ctx, s, t, &plan)
	return plan, err
}

func treeOf(list []bot.Commit, sha bot.SHA) string {
	for _, c := range list {
		if c.SHA == sha {
			return c.Tree
		}
	}
	return ""
}

// checkReported notes a run on the change whose head it is, and asks what it
// means for the branch whose commit it is.
func (h *Handlers) checkReported(ctx context.Context, d bot.Delivery[bot.CheckReported]) (plan bot.Plan, err error) {
	if err := h.noteRun(ctx, d, &plan); err != nil {
		return plan, err
	}
	if d.Event.Branch == "" {
		return plan, nil
	}
	s, _, err := h.settings(ctx, d.Event.Repo, d.At, &plan)
	if err != nil || !s.Policies.Green.Watched(d.Event.Branch) {
		return plan, err
	}
	err = h.turn(ctx, s, d, &plan)
	return plan, err
}

// turn lets the build take the run and tells everybody when the branch broke
// or healed.
func (h *Handlers) turn(ctx context.Context, s Settings, d bot.Delivery[bot.CheckReported], plan *bot.Plan) error {
	e := d.Event
	b, err := h.build(ctx, e.Repo, e.Branch)
	if err != nil {
		return err
	}
	if b, err = h.onLine(ctx, b, e.Run.SHA); err != nil || !slices.Contains(b.Line, e.Run.SHA) {
		return err // a branch of that name in a fork, or a commit long gone
	}
	if b, err = h.withRequired(ctx, s, b, d.At); err != nil {
		return err
	}
	t := turned{before: b, sha: e.Run.SHA, cause: d.ID, now: d.At}
	b, changed := b.Only(s.Policies.Green)
	switch {
	case s.Policies.Green.Decides(b.Names, e.Run.Name):
		t.after, t.broke, t.healed = policies.Turn(b, s.Policies.Green, e.Run, d.At)
	case changed:
		t.after, t.broke, t.healed = policies.Reconsider(b, s.Policies.Green, d.At)
	default:
		return nil
	}
	return h.follows(ctx, s, t, plan)
}

// turned is what became of a branch, by which commit and delivery.
type turned struct {
	before, after policies.Build
	broke, healed bool
	sha           bot.SHA
	cause         string
	now           time.Time
}

// follows keeps a build and does what follows for everybody else.
func (h *Handlers) follows(ctx context.Context, s Settings, t turned, plan *bot.Plan) error {
	var err error
	t.after = h.placed(ctx, s, t.after, t.now)
	if t.after.Revert, err = h.revertOf(ctx, t, plan); err != nil {
		return err
	}
	t.after = seek(t.after, t.now, plan)
	plan.Keep(t.after)
	if e := flaked(t); e != nil {
		plan.Learn(*e)
	}
	switch {
	case t.broke:
		return h.broke(ctx, s, t.after, t.now, plan)
	case t.healed:
		return h.healed(ctx, s, t, plan)
	case t.after.Health == policies.Red && t.after.Why() != t.before.Why():
		why := fmt.Sprintf("red/%s/%d/%s", t.after.Branch, t.after.Number, t.cause)
		rejudge(bot.JudgeAllDue{Repo: t.after.Repo, Base: t.after.Branch, Why: why}, t.now, plan)
	case t.after.Health != t.before.Health: // green came to be known, or is known no more; nobody waited, so nobody is told
		why := fmt.Sprintf("%s/%s/%s", t.after.Health, t.after.Branch, t.cause)
		rejudge(bot.JudgeAllDue{Repo: t.after.Repo, Base: t.after.Branch, Why: why}, t.now, plan)
	}
	if t.after.Health == policies.Red && t.found() {
		return h.showIncident(ctx, s, t.after, plan)
	}
	return nil
}

// found reports whether the one commit that can have broken the branch came to
// be known: what passed before it may be heard after it.
func (t turned) found() bool {
	_, _, before := t.before.Culprit()
	_, _, after := t.after.Culprit()
	return after && !before
}

// onLine makes sure that a commit which is the branch's head is on its line,
// also when we saw no push of it.
func (h *Handlers) onLine(ctx context.Context, b policies.Build, sha bot.SHA) (policies.Build, error) {
	if slices.Contains(b.Line, sha) {
		return b, nil
	}
	head, err := h.GitHub.Head(ctx, b.Repo, b.Branch)
	if err != nil || head != sha {
		return b, err
	}
	return b.Pushed("", sha, false), nil
}

// requiredFor is how long we believe what GitHub said is required.
const requiredFor = 10 * time.Minute

func (h *Handlers) withRequired(ctx context.Context, s Settings, b policies.Build, now time.Time) (policies.Build, error) {
	if !s.Policies.Green.Required || !b.Read.IsZero() && now.Sub(b.Read) < requiredFor {
		return b, nil
	}
	names, err := h.GitHub.RequiredChecks(ctx, b.Repo, b.Branch)
	if err != nil {
		return b, fmt.Errorf("read which checks %s requires: %w", b.Branch, err)
	}
	b.Names, b.Read = names, now
	return b, nil
}
