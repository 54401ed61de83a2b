package handlers

import (
	"context"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// judge asks every policy and shows the verdicts; changed says that the
// document is to be kept. A policy that observes has its verdict held:
// recorded and shown on our pages, not written. A verdict stands
// only on what it was given by: if the change, the build or the file is another
// when the plan is saved, the change is judged anew.
func (h *Handlers) judge(ctx context.Context, doc *changeDoc, now time.Time, again string, plan *bot.Plan) (changed bool, err error) {
	if !doc.Change.Open {
		return false, nil
	}
	plan.See(doc.DocKey(), doc.V)
	s, _, err := h.settings(ctx, doc.Change.Ref.Repo, now, plan)
	if err != nil {
		return false, err
	}
	asked, err := h.measure(ctx, doc, s.Policies.Batch, now, plan)
	if err != nil {
		return false, err
	}
	build, err := h.buildSeen(ctx, doc.Change.Ref.Repo, doc.Change.BaseRef, plan)
	if err != nil {
		return false, err
	}
	runs, err := h.runsOn(ctx, doc.Change.Ref.Repo, doc.Change.Head, plan)
	if err != nil {
		return false, err
	}
	facts := policies.Facts{Change: doc.Change, Main: build, Runs: runs, Tree: doc.Tree, Unsaid: doc.unsaid()}
	shown, holds := slices.Clone(doc.Shown), []string(nil)
	for _, p := range policies.All() {
		v, mode := p.Judge(facts, s.Policies), p.Mode(s.Policies)
		switch {
		case !mode.Asks() && slices.Contains(doc.Holds, p.Check): // nobody else would let it go
			plan.Do(check(doc.Change, p, policies.Released(p, mode, s.HasFile), again))
		case mode.Asks():
			plan.Do(check(doc.Change, p, v, again))
			if !slices.Contains(shown, p.Check) {
				shown = append(shown, p.Check)
			}
			if v.Holds() {
				holds = append(holds, p.Check)
			}
		case mode == policies.Observe:
			plan.Hold(check(doc.Change, p, v, again))
		}
	}
	changed = asked || !slices.Equal(shown, doc.Shown) || !slices.Equal(holds, doc.Holds)
	doc.Shown, doc.Holds = shown, holds
	return changed, nil
}

func check(c bot.Change, p policies.Policy, v policies.Verdict, again string) bot.SetCheck {
	return bot.SetCheck{
		Repo: c.Ref.Repo, SHA: c.Head, Name: p.Check, Status: v.Status, Conclusion: v.Conclusion,
		Title: v.Title, Summary: v.Summary, Again: again,
	}
}

// judgeDue judges a change again because something around it changed.
func (h *Handlers) judgeDue(ctx context.Context, d bot.Delivery[bot.JudgeDue]) (plan bot.Plan, err error) {
	doc, known, err := h.change(ctx, d.Event.Ref)
	if err != nil {
		return plan, err
	}
	if !known { // opened before we were installed
		if doc.Change, err = h.GitHub.Change(ctx, d.Event.Ref); err != nil {
			return plan, err
		}
		if err := h.indexHead(ctx, d.Event.Ref, doc.Change.Head, &plan); err != nil {
			return plan, err
		}
	}
	changed, err := h.judge(ctx, &doc, d.At, "", &plan)
	if err != nil {
		return plan, err
	}
	if changed || !known {
		plan.Keep(doc)
	}
	if !known || asksForFile(d.Event.Why) {
		err = h.judgeFile(ctx, doc.Change, d.At, "", &plan)
	}
	return plan, err
}

// rejudge has all open changes judged again once the plan is saved. Only then
// are they listed: whoever was judged before that is listed, and whoever is
// judged after it is judged by what was saved.
func rejudge(all bot.JudgeAllDue, now time.Time, plan *bot.Plan) {
	plan.Wake(bot.Timer{ID: "judge/all/" + all.Why + "/" + all.Repo.Key(), At: now, Event: all})
}

// rejudgeStrangers does so for those that were opened before we were
// installed. GitHub may fail to list them: nobody whom we know waits for that.
func rejudgeStrangers(all bot.JudgeAllDue, now time.Time, plan *bot.Plan) {
	all.Strangers = true
	plan.Wake(bot.Timer{ID: "judge/strangers/" + all.Why + "/" + all.Repo.Key(), At: now, Event: all})
}

// judgeAllDue has each open change that we know, or each stranger, judged
// again.
func (h *Handlers) judgeAllDue(ctx context.Context, d bot.Delivery[bot.JudgeAllDue]) (plan bot.Plan, err error) {
	known, err := h.openChanges(ctx, d.Event.Repo, d.Event.Base)
	if err != nil {
		return plan, err
	}
	var refs []bot.ChangeRef
	for _, doc := range known {
		refs = append(refs, doc.Change.Ref)
	}
	if d.Event.Strangers {
		if refs, err = h.strangers(ctx, d.Event, refs); err != nil {
			return plan, err
		}
	}
	for _, ref := range refs {
		plan.Wake(bot.Timer{
			ID: "judge/" + d.Event.Why + "/" + ref.Key(), At: d.At, Event: bot.JudgeDue{Ref: ref, Why: d.Event.Why},
		})
	}
	return plan, nil
}

// strangers are the open changes that GitHub lists beside those that we know.
func (h *Handlers) strangers(ctx context.Context, e bot.JudgeAllDue, known []bot.ChangeRef) (refs []bot.ChangeRef, err error) {
	open, err := h.GitHub.OpenChanges(ctx, e.Repo, e.Base)
	for _, c := range open {
		if !slices.Contains(known, c.Ref) {
			refs = append(refs, c.Ref)
		}
	}
	return refs, err
}

// openChanges are those that we know of, the oldest first; base "" is every
// branch.
func (h *Handlers) openChanges(ctx context.Context, repo bot.RepoRef, base string) (open []changeDoc, err error) {
	keys, err := h.Store.Keys(ctx, "change/"+repo.Key()+"#")
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		var doc changeDoc
		if _, err := h.Store.Doc(ctx, key, &doc); err != nil {
			return nil, err
		}
		if doc.Change.Open && (base == "" || doc.Change.BaseRef == base) {
			open = append(open, doc)
		}
	}
	slices.SortFunc(open, func(a, b changeDoc) int { return a.Change.Ref.Number - b.Change.Ref.Number })
	return open, nil
}
