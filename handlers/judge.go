package handlers

import (
	"context"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// judge asks every policy and shows the verdicts; changed says that the
// document is to be kept. A verdict stands only on what it was given by: if the
// change, the build or the file is another when the plan is saved, the change is
// judged anew.
func (h *Handlers) judge(ctx context.Context, doc *changeDoc, now time.Time, again string, plan *bot.Plan) (changed bool, err error) {
	if !doc.Change.Open {
		return false, nil
	}
	plan.See(doc.DocKey(), doc.V)
	s, _, err := h.settings(ctx, doc.Change.Ref.Repo, now, plan)
	if err != nil {
		return false, err
	}
	sized, err := h.size(ctx, doc, s.Policies.Batch, now, again, plan)
	if err != nil {
		return false, err
	}
	shown, err := h.showVerdicts(ctx, doc, s, now, again, plan)
	return sized || shown, err
}

// size finds out how large a change is, and which of its lines count.
func (h *Handlers) size(ctx context.Context, doc *changeDoc, s policies.BatchSettings, now time.Time, again string, plan *bot.Plan) (changed bool, err error) {
	asked, err := h.measure(ctx, doc, s, now, plan)
	if err != nil {
		return false, err
	}
	counted, err := h.countLines(ctx, doc, s, now, again, plan)
	return asked || counted, err
}

// showVerdicts asks every policy about a change of known size.
func (h *Handlers) showVerdicts(ctx context.Context, doc *changeDoc, s Settings, now time.Time, again string, plan *bot.Plan) (changed bool, err error) {
	facts, err := h.factsOf(ctx, *doc, s.Policies.Batch, now, plan)
	if err != nil {
		return false, err
	}
	return doc.show(facts, s, again, plan), nil
}

// factsOf is what a change is judged by.
func (h *Handlers) factsOf(ctx context.Context, doc changeDoc, by policies.BatchSettings, now time.Time, plan *bot.Plan) (f policies.Facts, err error) {
	c := doc.Change
	f = policies.Facts{Change: c, Tree: doc.Tree, Unsaid: doc.unsaid(), Uncounted: doc.uncounted()}
	if o := doc.Override; o != nil && now.Before(o.Until) {
		f.Override = o
	}
	if f.Counted, err = doc.told(by); err != nil {
		return f, err
	}
	if f.Main, err = h.buildSeen(ctx, c.Ref.Repo, c.BaseRef, plan); err != nil {
		return f, err
	}
	f.Runs, err = h.runsOn(ctx, c.Ref.Repo, c.Head, plan)
	return f, err
}

// show shows what each policy says, and notes which checks of ours are there
// and hold the merge up; changed says that these are others than before. A
// policy that observes has its verdict held: recorded and shown on our pages,
// not written.
func (d *changeDoc) show(f policies.Facts, s Settings, again string, plan *bot.Plan) (changed bool) {
	shown, holds := slices.Clone(d.Shown), []string(nil)
	for _, p := range policies.All() {
		v, mode := p.Judge(f, s.Policies), p.Mode(s.Policies)
		v.Summary = d.answered(p.Check) + v.Summary
		switch {
		case !mode.Asks() && slices.Contains(d.Holds, p.Check): // nobody else would let it go
			plan.Do(check(d.Change, p, policies.Released(p, mode, s.HasFile), again))
		case mode.Asks():
			plan.Do(check(d.Change, p, v, again))
			if !slices.Contains(shown, p.Check) {
				shown = append(shown, p.Check)
			}
			if v.Holds() {
				holds = append(holds, p.Check)
			}
		case mode == policies.Observe:
			plan.Hold(check(d.Change, p, v, again))
		}
	}
	changed = !slices.Equal(shown, d.Shown) || !slices.Equal(holds, d.Holds)
	d.Shown, d.Holds = shown, holds
	return changed
}

func check(c bot.Change, p policies.Policy, v policies.Verdict, again string) bot.SetCheck {
	return bot.SetCheck{
		Repo: c.Ref.Repo, SHA: c.Head, Name: p.Check, Status: v.Status, Conclusion: v.Conclusion,
		Title: v.Title, Summary: v.Summary, Notes: v.Notes, Actions: beside(v.Offers), Again: again,
	}
}
