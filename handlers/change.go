package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// changeDoc is a change as its newest event described it, when each of its
// heads was seen, and the newest runs of other people's checks on its head.
type changeDoc struct {
	bot.Version
	Change bot.Change              `json:"change"`
	Heads  []headSeen              `json:"heads,omitempty"`
	Runs   map[string]bot.CheckRun `json:"runs,omitempty"`   // of the present head
	Tree   string                  `json:"tree,omitempty"`   // the files of the present head, of a revert alone
	Merged bool                    `json:"merged,omitempty"` // its merge was taken: what follows from it happens once
	Holds  []string                `json:"holds,omitempty"`  // checks of ours on the present head that hold the merge up
}

// headSeen is when GitHub said that a commit became the change's head.
type headSeen struct {
	SHA bot.SHA   `json:"sha"`
	At  time.Time `json:"at"`
}

func changeKey(ref bot.ChangeRef) string { return "change/" + ref.Key() }

func (d changeDoc) DocKey() string { return changeKey(d.Change.Ref) }

// headDoc finds the change of a commit: GitHub does not name it for forks.
type headDoc struct {
	bot.Version
	Repo   bot.RepoRef `json:"repo"`
	SHA    bot.SHA     `json:"sha"`
	Number int         `json:"number"`
}

func headKey(repo bot.RepoRef, sha bot.SHA) string {
	return fmt.Sprintf("head/%s/%s", repo.Key(), sha)
}

func (d headDoc) DocKey() string { return headKey(d.Repo, d.SHA) }

// changeUpdated notes what a change is now, judges it by every policy and
// shows each verdict as a check on its newest commit.
func (h *Handlers) changeUpdated(ctx context.Context, d bot.Delivery[bot.ChangeUpdated]) (plan bot.Plan, err error) {
	doc, known, err := h.change(ctx, d.Event.Change.Ref)
	if err != nil {
		return plan, err
	}
	if known && d.Event.Change.Updated.Before(doc.Change.Updated) {
		return plan, nil // an older event that came late; the newer one has been handled
	}
	moved := !known || doc.Change.Head != d.Event.Change.Head
	doc.Change = d.Event.Change
	if moved {
		doc.Heads = append(doc.Heads, headSeen{SHA: d.Event.Change.Head, At: d.Event.Change.Updated})
		doc.Runs, doc.Tree, doc.Holds = nil, "", nil
		if err := h.indexHead(ctx, doc.Change.Ref, doc.Change.Head, &plan); err != nil {
			return plan, err
		}
	}
	if doc.Tree == "" && doc.Change.Open {
		if doc.Tree, err = h.treeOfRevert(ctx, doc.Change, &plan); err != nil {
			return plan, err
		}
	}
	if moved {
		plan.Learn(bot.NewFact("change.updated", doc.Change.Ref.Repo, doc.Change.Ref.String(), doc.Change.Updated, changeFact(doc.Change)))
	}
	if err := h.noteRevert(ctx, doc.Change, d.At, &plan); err != nil {
		return plan, err
	}
	if _, err := h.judge(ctx, &doc, d.At, "", &plan); err != nil {
		return plan, err
	}
	plan.Keep(doc)
	if moved {
		err = h.judgeFile(ctx, doc.Change, d.At, "", &plan)
	}
	return plan, err
}

func (h *Handlers) change(ctx context.Context, ref bot.ChangeRef) (doc changeDoc, known bool, err error) {
	known, err = h.Store.Doc(ctx, changeKey(ref), &doc)
	return doc, known, err
}

func (h *Handlers) indexHead(ctx context.Context, ref bot.ChangeRef, sha bot.SHA, plan *bot.Plan) error {
	var d headDoc
	found, err := h.Store.Doc(ctx, headKey(ref.Repo, sha), &d)
	if err != nil || found && d.Number == ref.Number {
		return err
	}
	d.Repo, d.SHA, d.Number = ref.Repo, sha, ref.Number
	plan.Keep(d)
	return nil
}

// recheckAsked writes the verdicts anew: whoever pressed re-run waits for it.
func (h *Handlers) recheckAsked(ctx context.Context, d bot.Delivery[bot.RecheckAsked]) (plan bot.Plan, err error) {
	numbers := d.Event.Changes
	if len(numbers) == 0 {
		var head headDoc
		found, err := h.Store.Doc(ctx, headKey(d.Event.Repo, d.Event.SHA), &head)
		if err != nil {
			return plan, err
		}
		if !found {
			err = h.recheckFile(ctx, d, &plan)
			return plan, err
		}
		numbers = []int{head.Number}
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
	if known && !c.Merged && c.Updated.Before(doc.Change.Updated) {
		return plan, nil // it was reopened meanwhile; what is merged stays merged
	}
	doc.Change = c
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
