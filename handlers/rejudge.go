package handlers

import (
	"context"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

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
		if err := h.mayTakeBack(ctx, &doc, d.At, &plan); err != nil {
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
		return h.judgeStrangers(ctx, d, refs)
	}
	judgeEach(refs, d, &plan)
	return plan, nil
}

func judgeEach(refs []bot.ChangeRef, d bot.Delivery[bot.JudgeAllDue], plan *bot.Plan) {
	for _, ref := range refs {
		plan.Wake(bot.Timer{
			ID: "judge/" + d.Event.Why + "/" + ref.Key(), At: d.At, Event: bot.JudgeDue{Ref: ref, Why: d.Event.Why},
		})
	}
}

// openChanges are those that we know of, the oldest first; base "" is every
// branch. The closed ones, which only grow in number, are not read.
func (h *Handlers) openChanges(ctx context.Context, repo bot.RepoRef, base string) (open []changeDoc, err error) {
	var all []*changeDoc
	err = h.Store.Held(ctx, "open/"+repo.Key()+"#", func() interface{ SetVersion(int) } {
		all = append(all, &changeDoc{})
		return all[len(all)-1]
	})
	if err != nil {
		return nil, err
	}
	for _, doc := range all {
		if base == "" || doc.Change.BaseRef == base {
			open = append(open, *doc)
		}
	}
	slices.SortFunc(open, func(a, b changeDoc) int { return a.Change.Ref.Number - b.Change.Ref.Number })
	return open, nil
}
