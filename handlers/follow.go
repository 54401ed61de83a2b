package handlers

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// follow is what a transition means beyond the rollout itself: which release
// is in the stage, what the reports learn, and what the plan items are told.
func (h *Handlers) follow(ctx context.Context, before, after deploy.Rollout, slot deploy.Slot, now time.Time, plan *bot.Plan) error {
	if err := h.keepBeen(ctx, before, after, now, plan); err != nil {
		return err
	}
	if before.State == after.State {
		return nil
	}
	switch after.State {
	case deploy.Succeeded:
		return h.live(ctx, after, slot, now, plan)
	case deploy.RolledBack, deploy.Aborted, deploy.Failed, deploy.RollbackFailed:
		plan.Learn(failedFact(after, now))
		if after.State == deploy.RolledBack && after.Blamed {
			tellIssues(after, words.BackOnIssue(after.Release.Change, after.Release.Service, after.Stage.Environment, after.Release.SHA, after.Why), plan)
		}
	}
	return nil
}

// keepBeen: a release is in a stage from its first traffic (a canary) or from
// being live (all at once), until it goes back or another comes.
func (h *Handlers) keepBeen(ctx context.Context, before, after deploy.Rollout, now time.Time, plan *bot.Plan) error {
	arrived := after.Stage.Canary() && before.Placed.IsZero() && !after.Placed.IsZero() ||
		!after.Stage.Canary() && after.State == deploy.Succeeded && before.State != deploy.Succeeded
	left := after.State == deploy.Returning && before.State != deploy.Returning
	if !arrived && !left {
		return nil
	}
	d := beenDoc{Repo: after.Release.Repo, Service: after.Release.Service, Stage: after.Stage.Name}
	if _, err := h.Store.Doc(ctx, d.DocKey(), &d); err != nil {
		return err
	}
	if left && d.Rollout != after.ID {
		return nil // it never was there
	}
	d.SHA, d.Since, d.Rollout = after.Release.SHA, now, after.ID
	if left {
		d.SHA = ""
	}
	plan.Keep(d)
	return nil
}

// live: the release has all the traffic. The reports learn what it shipped,
// the one before it is shown as inactive, and the plan items hear.
func (h *Handlers) live(ctx context.Context, r deploy.Rollout, slot deploy.Slot, now time.Time, plan *bot.Plan) error {
	s, _, err := h.settings(ctx, r.Release.Repo, now, plan)
	if err != nil {
		return err
	}
	fact, err := h.liveFact(ctx, r, s.Pipeline.Goal(), now)
	if err != nil {
		return err
	}
	plan.Learn(fact)
	if r.Kind == deploy.KindRollback {
		plan.Learn(recoveredFact(r, now))
		if err := h.takenBack(ctx, r, s.Pipeline, now, plan); err != nil {
			return err
		}
	}
	if err := h.retire(ctx, r, now, plan); err != nil {
		return err
	}
	if r.Stage.Production && r.Kind == deploy.KindDeploy {
		evidence, err := h.evidence(ctx, r)
		if err != nil {
			return err
		}
		tellIssues(r, words.LiveOnIssue(r.Release.Change, r.Release.Service, r.Stage.Environment, r.Release.SHA, now, evidence), plan)
	}
	return nil
}

// evidence says how the canary of the same release was judged.
func (h *Handlers) evidence(ctx context.Context, r deploy.Rollout) (string, error) {
	canary, ok, err := h.canaryOf(ctx, r)
	if err != nil {
		return "", err
	}
	if v := canary.Verdict(); ok && v.Passes() {
		return words.Evidence(string(canary.Stage.Name), metricsOf(canary, v)), nil
	}
	return "it was not judged against what ran before", nil
}

// takenBack tells the change that was live, and its plan items, that it no
// longer is.
func (h *Handlers) takenBack(ctx context.Context, r deploy.Rollout, p deploy.Pipeline, now time.Time, plan *bot.Plan) error {
	undone, ok, err := h.rollout(ctx, r.Undoes)
	if err != nil || !ok || undone.Release.Change.IsZero() {
		return err
	}
	plan.Answer(bot.KeepComment{
		Ref: undone.Release.Change, Place: "rollout/" + undone.Release.Service,
		Body: words.TakenBack(undone.Release.Service, r.Stage.Environment, undone.Release.SHA, r.Release.SHA, r.By.Name(), now, goodAgain(p.Place(r.Release.Service, r.Stage.Name), undone.Release.SHA)),
	})
	tellIssues(undone, words.BackOnIssue(undone.Release.Change, undone.Release.Service, r.Stage.Environment, undone.Release.SHA, "taken back by "+r.By.Name()), plan)
	return nil
}

func tellIssues(r deploy.Rollout, line string, plan *bot.Plan) {
	for _, n := range r.Release.Issues {
		e := bot.KeepComment{Ref: bot.ChangeRef{Repo: r.Release.Repo, Number: n}, Place: "outcome/" + r.Release.Change.Key(), Body: line}
		if r.Asked {
			plan.Answer(e)
			continue
		}
		plan.Do(e)
	}
}
