package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// takesBack reports whether a change is the revert of another, as GitHub makes
// them: on a branch of the repository's own, which only those can push to who
// may write. A text alone says nothing.
func takesBack(c bot.Change, number int) bool {
	return !c.Fork() && strings.HasPrefix(c.HeadRef, fmt.Sprintf("revert-%d-", number))
}

// mayTakeBack notes of a change that is heard of, or read, what it is to a red
// branch: a revert of what that broke with.
func (h *Handlers) mayTakeBack(ctx context.Context, doc *changeDoc, now time.Time, plan *bot.Plan) (err error) {
	if doc.Tree == "" && doc.Change.Open {
		if doc.Tree, err = h.treeOfRevert(ctx, doc.Change, plan); err != nil {
			return err
		}
	}
	return h.noteRevert(ctx, doc.Change, now, plan)
}

// noteRevert tells the incident of a branch when a pull request takes back
// what it broke with, whoever opened it, and when that is given up.
func (h *Handlers) noteRevert(ctx context.Context, c bot.Change, now time.Time, plan *bot.Plan) error {
	b, err := h.buildSeen(ctx, c.Ref.Repo, c.BaseRef, plan)
	if err != nil || b.Health != policies.Red {
		return err
	}
	broke, err := h.brokeWith(ctx, b)
	if err != nil || broke.Ref.IsZero() || !takesBack(c, broke.Ref.Number) {
		return err
	}
	had := b.Revert
	switch {
	case c.Open && (had == nil || had.Opened == 0):
		b.Revert = &policies.Revert{Number: broke.Ref.Number, Opened: c.Ref.Number}
		if had != nil {
			b.Revert.By, b.Revert.At, b.Revert.Merge = had.By, had.At, had.Merge
		}
	case !c.Open && !c.Merged && had != nil && had.Opened == c.Ref.Number:
		b.Revert = nil
	default:
		return nil
	}
	plan.Keep(b)
	s, _, err := h.settings(ctx, b.Repo, now, plan)
	if err != nil {
		return err
	}
	if b.Revert == nil {
		return h.showIncident(ctx, s, b, plan)
	}
	plan.Learn(bot.NewFact("main.revert_opened", b.Repo, b.Branch, now, map[string]any{"number": b.Number, "change": broke.Ref.Number, "revert": c.Ref.Number}))
	incident, err := h.incident(ctx, b)
	if err != nil {
		return err
	}
	h.tellMain(s, b, fmt.Sprintf("revert/%d", c.Ref.Number), incident.RevertOpened(), nil, plan)
	return h.showIncident(ctx, s, b, plan)
}

// treeOfRevert names the files of a change that takes back what its branch
// broke with; empty for any other. It costs one request, on red branches.
func (h *Handlers) treeOfRevert(ctx context.Context, c bot.Change, plan *bot.Plan) (string, error) {
	b, err := h.buildSeen(ctx, c.Ref.Repo, c.BaseRef, plan)
	if err != nil {
		return "", err
	}
	_, before, known := b.Culprit()
	if !known {
		return "", nil
	}
	broke, err := h.brokeWith(ctx, b)
	if err != nil || broke.Ref.IsZero() || !takesBack(c, broke.Ref.Number) {
		return "", err
	}
	commits, err := h.GitHub.Compare(ctx, b.Repo, before, c.Head)
	return treeOf(commits, c.Head), err
}

// showIncident brings the incident's one message up to date.
func (h *Handlers) showIncident(ctx context.Context, s Settings, b policies.Build, plan *bot.Plan) error {
	incident, err := h.incident(ctx, b)
	if err != nil {
		return err
	}
	text, blocks := incident.Broke()
	h.tellMain(s, b, "", text, blocks, plan)
	return nil
}

// mayHaveBroken has an incident told anew when the merge with which it began is
// heard after it: the message named nobody, and offered no revert.
func (h *Handlers) mayHaveBroken(ctx context.Context, merged bot.Change, now time.Time, plan *bot.Plan) error {
	b, err := h.buildSeen(ctx, merged.Ref.Repo, merged.BaseRef, plan)
	if err == nil && b.Health == policies.Red && b.Causes[0].SHA == merged.MergeSHA {
		tellAnew(b, merged, now, plan)
	}
	return err
}

// openRevert is the pull request that takes back what a branch broke with,
// also where it was heard before that was known; zero: none.
func (h *Handlers) openRevert(ctx context.Context, b policies.Build) (bot.Change, error) {
	broke, err := h.brokeWith(ctx, b)
	if err != nil || broke.Ref.IsZero() {
		return bot.Change{}, err
	}
	open, err := h.openChanges(ctx, b.Repo, b.Branch)
	if i := slices.IndexFunc(open, func(doc changeDoc) bool { return takesBack(doc.Change, broke.Ref.Number) }); i >= 0 {
		return open[i].Change, err
	}
	return bot.Change{}, err
}

// tellAnew has an incident told anew as soon as what is decided now is kept.
func tellAnew(b policies.Build, because bot.Change, now time.Time, plan *bot.Plan) {
	plan.Wake(bot.Timer{ID: fmt.Sprintf("incident/%s/%d", because.Ref.Key(), b.Number), At: now, Event: bot.IncidentDue{Repo: b.Repo, Branch: b.Branch}})
}

// revertOf is what takes back that with which a branch broke, as far as that was
// told, now that it may turn out to have broken with something else: what takes
// back another helps no more, and what takes this one back may have been opened
// before we heard of it.
func (h *Handlers) revertOf(ctx context.Context, t turned, plan *bot.Plan) (*policies.Revert, error) {
	told := t.after.Revert
	if t.after.Health != policies.Red || t.after.Why() == t.before.Why() {
		return told, nil
	}
	broke, err := h.brokeWith(ctx, t.after)
	if err != nil || told != nil && told.Number == broke.Ref.Number {
		return told, err
	}
	by, err := h.openRevert(ctx, t.after)
	if err == nil && !by.Ref.IsZero() {
		tellAnew(t.after, by, t.now, plan)
	}
	return nil, err
}

// incidentDue tells it anew, where it still goes on.
func (h *Handlers) incidentDue(ctx context.Context, d bot.Delivery[bot.IncidentDue]) (plan bot.Plan, err error) {
	b, err := h.buildSeen(ctx, d.Event.Repo, d.Event.Branch, &plan)
	if err != nil || b.Health != policies.Red {
		return plan, err
	}
	s, _, err := h.settings(ctx, b.Repo, d.At, &plan)
	if err != nil || !s.Policies.Green.Watched(b.Branch) {
		return plan, err
	}
	by, err := h.openRevert(ctx, b)
	if err != nil {
		return plan, err
	}
	if !by.Ref.IsZero() && (b.Revert == nil || b.Revert.Opened == 0) {
		return plan, h.noteRevert(ctx, by, d.At, &plan)
	}
	err = h.showIncident(ctx, s, b, &plan)
	return plan, err
}

// revertSettled says how to do by hand what GitHub would not do for us. What
// it did needs no words here: the pull request tells of itself.
func (h *Handlers) revertSettled(ctx context.Context, d bot.Delivery[bot.RevertSettled]) (plan bot.Plan, err error) {
	e := d.Event
	b, err := h.build(ctx, e.Ref.Repo, e.Branch)
	if err != nil || e.Outcome == bot.Done || b.Revert == nil || b.Revert.Number != e.Ref.Number || b.Revert.Opened > 0 {
		return plan, err
	}
	s, _, err := h.settings(ctx, b.Repo, d.At, &plan)
	if err != nil {
		return plan, err
	}
	by := words.RevertByHand{Change: e.Ref, Branch: e.Branch, SHA: e.SHA, Merge: b.Revert.Merge, Why: e.Detail}
	plan.Learn(bot.NewFact("main.revert_failed", b.Repo, b.Branch, d.At, map[string]any{"number": b.Number, "change": e.Ref.Number, "why": clip(e.Detail, 300)}).Asked(b.Revert.By))
	b.Revert = nil
	plan.Keep(b)
	plan.Answer(bot.KeepComment{Ref: e.Ref, Place: "revert/" + e.Branch, Body: by.Comment()})
	if b.Health != policies.Red {
		return plan, nil
	}
	text, blocks := by.Chat()
	h.tellMain(s, b, "revert/failed/"+d.At.Format(time.RFC3339), text, blocks, &plan)
	err = h.showIncident(ctx, s, b, &plan)
	return plan, err
}
