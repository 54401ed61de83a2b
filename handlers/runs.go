package handlers

import (
	"context"
	"maps"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// noteRun keeps of each check on a commit the run that says most, and has a
// look at each change whose head the commit is.
func (h *Handlers) noteRun(ctx context.Context, d bot.Delivery[bot.CheckReported], plan *bot.Plan) error {
	run := d.Event.Run
	head, err := h.head(ctx, d.Event.Repo, run.SHA)
	if err != nil {
		return err
	}
	if old, had := head.Runs[run.Name]; had && !run.Supersedes(old) {
		return nil
	}
	runs := map[string]bot.CheckRun{}
	maps.Copy(runs, head.Runs)
	runs[run.Name] = run
	head.Runs = runs
	plan.Keep(head)
	if run.Status != bot.Completed {
		return nil
	}
	for _, n := range head.Numbers {
		if err := h.mayRepair(ctx, bot.ChangeRef{Repo: d.Event.Repo, Number: n}, d, plan); err != nil {
			return err
		}
	}
	return nil
}

// mayRepair judges a change again after a check on its head, while its base is
// red: it may be the repair.
func (h *Handlers) mayRepair(ctx context.Context, ref bot.ChangeRef, d bot.Delivery[bot.CheckReported], plan *bot.Plan) error {
	doc, _, err := h.change(ctx, ref)
	plan.See(changeKey(ref), doc.V)
	if err != nil || doc.Change.Head != d.Event.Run.SHA {
		return err
	}
	build, err := h.buildSeen(ctx, ref.Repo, doc.Change.BaseRef, plan)
	if err != nil || build.Health != policies.Red {
		return err
	}
	changed, err := h.judge(ctx, &doc, d.At, "", plan)
	if changed {
		plan.Keep(doc)
	}
	return err
}
