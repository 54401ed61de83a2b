package handlers

import (
	"context"
	"fmt"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// CheckButton is something that people may press beside a check of ours.
type CheckButton struct {
	bot.CheckAction
	as  string // the command whose right it takes
	run func(h *Handlers, ctx context.Context, a *asked, doc *changeDoc) (comment string, err error)
}

// checkButtons, in the order in which people see them. GitHub takes no more
// than three beside a check, and few letters of each.
func checkButtons() []CheckButton {
	button := func(verb, label, about, as string, run func(*Handlers, context.Context, *asked, *changeDoc) (string, error)) CheckButton {
		return CheckButton{bot.CheckAction{Verb: verb, Label: label, About: about}, as, run}
	}
	return []CheckButton{
		button(policies.OfferSplit, "Plan a split", "as /split: parts that each fit", "split", (*Handlers).besideSplit),
		button(policies.OfferRecount, "Recount", "as /recheck: count and judge anew", "recheck", (*Handlers).besideRecount),
		button(policies.OfferOverride, "Ask for override", "ask who may, for /override batch", "override", (*Handlers).besideOverride),
	}
}

// CheckButtons is the table, for reference pages.
func CheckButtons() []CheckButton { return checkButtons() }

// checkButton of a verb; one that does nothing where there is none.
func checkButton(verb string) CheckButton {
	all := checkButtons()
	if i := slices.IndexFunc(all, func(b CheckButton) bool { return b.Verb == verb }); i >= 0 {
		return all[i]
	}
	return CheckButton{CheckAction: bot.CheckAction{Label: clip(verb, 20)}}
}

// beside are the buttons of what a verdict offers.
func beside(offers []string) (list []bot.CheckAction) {
	for _, b := range checkButtons() {
		if slices.Contains(offers, b.Verb) {
			list = append(list, b.CheckAction)
		}
	}
	return list
}

// pressedBeside is what came of a press, which the check says while its commit
// is the head.
type pressedBeside struct {
	Head  bot.SHA `json:"head"`
	Check string  `json:"check"`
	Said  string  `json:"said"` // Markdown
}

func (d *changeDoc) answered(check string) string {
	if p := d.Pressed; p != nil && p.Head == d.Change.Head && p.Check == check {
		return p.Said + "\n\n"
	}
	return ""
}

func (h *Handlers) besideSplit(ctx context.Context, a *asked, _ *changeDoc) (string, error) {
	err := h.split(ctx, a)
	return a.answer, err
}

// besideRecount leaves the counting to the judgement that follows.
func (h *Handlers) besideRecount(context.Context, *asked, *changeDoc) (string, error) { return "", nil }

// besideOverride asks those who may: whoever asks need not know who they are.
func (h *Handlers) besideOverride(ctx context.Context, a *asked, doc *changeDoc) (string, error) {
	s := a.settings.Policies.Batch
	if _, err := h.size(ctx, doc, s, a.d.At, "", a.plan); err != nil {
		return "", err
	}
	told, err := doc.told(s)
	if err != nil {
		return "", err
	}
	o := s.Except(policies.Facts{Change: doc.Change, Counted: told})
	if s.Mode != policies.Block || len(o.Limits) == 0 {
		return "", bot.Refusal{Message: fmt.Sprintf("#%d is over no limit that it waits for", doc.Change.Ref.Number), Advice: "/status"}
	}
	return words.OverrideWanted(a.by, doc.Change.Ref, s.Lines.Block, s.Override.Role, o.Mosts(), o.Only, s.Override.Expires), nil
}
