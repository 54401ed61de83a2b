package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// changeDoc is a change as its newest event described it, and when each of its
// heads was seen.
type changeDoc struct {
	bot.Version
	Change   bot.Change         `json:"change"`
	Heads    []headSeen         `json:"heads,omitempty"`
	Tree     string             `json:"tree,omitempty"`     // the files of the present head, of a revert alone
	Merged   bool               `json:"merged,omitempty"`   // its merge was taken: what follows from it happens once
	Shown    []string           `json:"shown,omitempty"`    // checks of ours that are on the present head
	Holds    []string           `json:"holds,omitempty"`    // those of them that hold the merge up
	Counted  *sizeAsked         `json:"counted,omitempty"`  // its size, where it had to be asked for
	Unsaid   *notSaid           `json:"unsaid,omitempty"`   // that it was asked for in vain
	Override *policies.Override `json:"override,omitempty"` // that it may be too large
	Pressed  *pressedBeside     `json:"pressed,omitempty"`  // the newest button beside a check of the present head
	Lines    *linesCounted      `json:"lines,omitempty"`    // which of its lines count, where its totals do not decide
}

// headSeen is when GitHub said that a commit became the change's head, and
// which one was before it, where a push said so. It is for people, and for the
// order of pushes of one second; what a command may deploy is asked of GitHub.
type headSeen struct {
	SHA    bot.SHA   `json:"sha"`
	At     time.Time `json:"at"`
	Before bot.SHA   `json:"before,omitempty"`
}

func changeKey(ref bot.ChangeRef) string { return "change/" + ref.Key() }

func (d changeDoc) DocKey() string { return changeKey(d.Change.Ref) }

// Claims of an open change: its place among those that are open, by which they
// are found.
func (d changeDoc) Claims() []string {
	if !d.Change.Open {
		return nil
	}
	return []string{"open/" + d.Change.Ref.Key()}
}

// changeUpdated notes what a change is now, judges it by every policy and
// shows each verdict as a check on its newest commit.
func (h *Handlers) changeUpdated(ctx context.Context, d bot.Delivery[bot.ChangeUpdated]) (plan bot.Plan, err error) {
	doc, known, err := h.change(ctx, d.Event.Change.Ref)
	if err != nil {
		return plan, err
	}
	c, fresh, err := h.inOrder(ctx, doc, known, d.Event)
	if err != nil {
		return plan, err
	}
	if !fresh {
		return plan, nil
	}
	opens := c.Open && !doc.Change.Open // of one that was heard of closed, the head was not noted
	moved := doc.become(c, d.Event.Before)
	if moved || opens {
		if err := h.indexHead(ctx, doc.Change.Ref, doc.Change.Head, &plan); err != nil {
			return plan, err
		}
	}
	if err := h.mayTakeBack(ctx, &doc, d.At, &plan); err != nil {
		return plan, err
	}
	if _, err := h.judge(ctx, &doc, d.At, "", &plan); err != nil {
		return plan, err
	}
	plan.Keep(doc)
	if moved { // measured by now
		plan.Learn(bot.NewFact("change.updated", doc.Change.Ref.Repo, doc.Change.Ref.String(), doc.Change.Updated, changeFact(doc.Change)))
	}
	if moved || opens {
		err = h.judgeFile(ctx, doc.Change, d.At, "", &plan)
	}
	return plan, err
}

func (h *Handlers) change(ctx context.Context, ref bot.ChangeRef) (doc changeDoc, known bool, err error) {
	known, err = h.Store.Doc(ctx, changeKey(ref), &doc)
	return doc, known, err
}

// recheckAsked writes the verdicts anew: whoever pressed re-run waits for it.
func (h *Handlers) recheckAsked(ctx context.Context, d bot.Delivery[bot.RecheckAsked]) (plan bot.Plan, err error) {
	numbers := d.Event.Changes
	if len(numbers) == 0 {
		head, err := h.head(ctx, d.Event.Repo, d.Event.SHA)
		if err != nil {
			return plan, err
		}
		if numbers = head.Numbers; len(numbers) == 0 {
			err = h.recheckFile(ctx, d, &plan)
			return plan, err
		}
	}
	for _, n := range numbers {
		doc, known, err := h.change(ctx, bot.ChangeRef{Repo: d.Event.Repo, Number: n})
		if err != nil {
			return plan, err
		}
		if known && doc.Change.Merged && doc.Change.MergeSHA == d.Event.SHA {
			if err := h.recheckFile(ctx, d, &plan); err != nil {
				return plan, err
			}
		}
		if known && doc.Change.Head == d.Event.SHA {
			changed, err := h.judge(ctx, &doc, d.At, d.ID, &plan)
			if err != nil {
				return plan, err
			}
			if changed {
				plan.Keep(doc)
			}
			if err := h.judgeFile(ctx, doc.Change, d.At, d.ID, &plan); err != nil {
				return plan, err
			}
		}
	}
	return plan, nil
}

// changeClosed notes how a change ended; a merged one begins the stages that
// start on merge.
func (h *Handlers) changeClosed(ctx context.Context, d bot.Delivery[bot.ChangeClosed]) (plan bot.Plan, err error) {
	c := d.Event.Change
	doc, known, err := h.change(ctx, c.Ref)
	if err != nil {
		return plan, err
	}
	if c.Merged && doc.Merged {
		return plan, nil // told again, under another id
	}
	doc.Merged = doc.Merged || c.Merged
	if reopened, err := h.reopened(ctx, doc, known, c); err != nil || reopened {
		return plan, err
	}
	doc.Change = c
	doc.recall()
	c = doc.Change
	plan.Keep(doc)
	if !c.Merged {
		plan.Learn(bot.NewFact("change.closed", c.Ref.Repo, c.Ref.String(), c.Updated, changeFact(c)).Asked(d.Event.By))
		err = h.noteRevert(ctx, c, d.At, &plan)
		return plan, err
	}
	plan.Learn(bot.NewFact("change.merged", c.Ref.Repo, c.Ref.String(), c.MergedAt, mergedFact(c)).Asked(d.Event.By))
	if err := h.indexHead(ctx, c.Ref, c.MergeSHA, &plan); err != nil {
		return plan, err
	}
	if err := h.mayHaveBroken(ctx, c, d.At, &plan); err != nil {
		return plan, err
	}
	err = h.startOnMerge(ctx, c, d.Event.By, d.At, &plan)
	return plan, err
}

// changeFact is what the ledger says of a change. No title, no text: facts
// are for numbers.
func changeFact(c bot.Change) map[string]any {
	return map[string]any{"number": c.Ref.Number, "author": c.Author, "bot": c.AuthorBot, "lines": c.Lines(), "labels": c.Labels, "opened": c.Opened}
}

func mergedFact(c bot.Change) map[string]any {
	m := changeFact(c)
	m["merge_sha"], m["merged"], m["hotfix"] = c.MergeSHA, c.MergedAt, slices.Contains(c.Labels, "hotfix")
	m["revert"], m["reverts"] = strings.HasPrefix(c.Title, "Revert \""), reverts(c)
	return m
}
