package handlers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
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
	t.after, t.broke, t.healed = policies.Reconsider(b, d.At)                            // a forced push may take a fault off
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
		t.after, t.broke, t.healed = policies.Turn(b, e.Run, d.At)
	case changed:
		t.after, t.broke, t.healed = policies.Reconsider(b, d.At)
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
	if t.after.Revert, err = h.revertOf(ctx, t, plan); err != nil {
		return err
	}
	plan.Keep(t.after)
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

// broke: everybody waits, and the channel hears what fails and with what it
// came.
func (h *Handlers) broke(ctx context.Context, s Settings, b policies.Build, now time.Time, plan *bot.Plan) error {
	all := bot.JudgeAllDue{Repo: b.Repo, Base: b.Branch, Why: fmt.Sprintf("broke/%s/%d", b.Branch, b.Number)}
	rejudge(all, now, plan)
	rejudgeStrangers(all, now, plan)
	with, err := h.head(ctx, b.Repo, b.Causes[0].SHA)
	if err != nil {
		return err
	}
	plan.See(with.DocKey(), with.V) // whoever merged it says so there
	incident, err := h.incident(ctx, b)
	if err != nil {
		return err
	}
	plan.Learn(bot.NewFact("main.broke", b.Repo, b.Branch, b.Since, map[string]any{
		"branch": b.Branch, "number": b.Number, "sha": b.Causes[0].SHA, "checks": b.Why(), "change": incident.Change.Number,
	}))
	text, blocks := incident.Broke()
	h.tellMain(s, b, "", text, blocks, plan)
	startClock(s, b, now, plan)
	return nil
}

// healed: all are released, and the incident is told to its end.
func (h *Handlers) healed(ctx context.Context, s Settings, t turned, plan *bot.Plan) error {
	before, b := t.before, t.after
	rejudge(bot.JudgeAllDue{Repo: b.Repo, Base: b.Branch, Why: fmt.Sprintf("healed/%s/%d", b.Branch, b.Number)}, t.now, plan)
	open, err := h.openChanges(ctx, b.Repo, b.Branch)
	if err != nil {
		return err
	}
	incident, err := h.incident(ctx, before)
	if err != nil {
		return err
	}
	incident.Healed, incident.Waiting, incident.Unproven = b.Since, len(open), b.Health != policies.Green
	minutes := b.Since.Sub(before.Since).Minutes()
	plan.Learn(bot.NewFact("main.healed", b.Repo, b.Branch, b.Since, map[string]any{
		"branch": b.Branch, "number": b.Number, "sha": t.sha, "minutes": minutes, "broke": before.Since,
	}))
	text, blocks := incident.Over()
	h.tellMain(s, b, "", text, blocks, plan)
	h.tellMain(s, b, "healed", text, nil, plan)
	return nil
}

// incident is what is known of why a branch is red.
func (h *Handlers) incident(ctx context.Context, b policies.Build) (words.Incident, error) {
	i := words.Incident{Repo: b.Repo.Name, Branch: b.Branch, Why: b.Why(), Since: b.Since, URL: b.Causes[0].URL, Claimed: b.Claimed, ClaimedAt: b.ClaimedAt}
	i.Buttons = claimButton(b)
	if b.Revert != nil {
		i.Revert = words.TakeBack{By: b.Revert.By, Opened: b.Revert.Opened}
	}
	doc, known, err := h.changeAt(ctx, b.Repo, b.Causes[0].SHA)
	if err == nil && known {
		i.Change, i.Title, i.Author = doc.Change.Ref, doc.Change.Title, doc.Change.Author
		offer := revertButton(b, doc.Change)
		i.Buttons, i.Revert.Offered = append(i.Buttons, offer...), len(offer) > 0
	}
	return i, err
}

// tellMain keeps the incident's one message up to date, or adds to its thread.
func (h *Handlers) tellMain(s Settings, b policies.Build, part, text string, blocks []bot.Block, plan *bot.Plan) {
	if s.Notify.Channel == "" {
		return
	}
	place := fmt.Sprintf("main/%s/%s/%d", b.Repo.Key(), b.Branch, b.Number)
	m := bot.KeepMessage{Repo: b.Repo, Channel: s.Notify.Channel, Place: place, Text: text, Blocks: blocks}
	if part != "" {
		m.Thread, m.Place = place, place+"/"+part
	}
	if s.Policies.Green.Mode == policies.Observe {
		plan.Hold(m)
		return
	}
	plan.Do(m)
}
