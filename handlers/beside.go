package handlers

import (
	"context"
	"errors"
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

// checkPressed does what a button beside a check says, for whoever may write
// the command that it stands for. The check answers, since that is where they
// look; what is long is a comment.
func (h *Handlers) checkPressed(ctx context.Context, d bot.Delivery[bot.CheckPressed]) (plan bot.Plan, err error) {
	numbers := d.Event.Changes
	if len(numbers) == 0 { // of a fork
		head, err := h.head(ctx, d.Event.Repo, d.Event.SHA)
		if err != nil {
			return plan, err
		}
		numbers = head.Numbers
	}
	for _, n := range numbers {
		doc, known, err := h.change(ctx, bot.ChangeRef{Repo: d.Event.Repo, Number: n})
		if err != nil {
			return plan, err
		}
		if known && doc.Change.Open && doc.Change.Head == d.Event.SHA {
			if err := h.pressBeside(ctx, d, &doc, &plan); err != nil {
				return plan, err
			}
		}
	}
	return plan, nil
}

func (h *Handlers) pressBeside(ctx context.Context, d bot.Delivery[bot.CheckPressed], doc *changeDoc, plan *bot.Plan) (err error) {
	e, c := d.Event, doc.Change
	button, comment := CheckButton{CheckAction: bot.CheckAction{Label: clip(e.Verb, 20)}}, ""
	if i := slices.IndexFunc(checkButtons(), func(b CheckButton) bool { return b.Verb == e.Verb }); i >= 0 {
		button = checkButtons()[i]
	}
	a := &asked{by: e.By, repo: c.Ref.Repo, ref: c.Ref, plan: plan, d: bot.Delivery[bot.CommandGiven]{ID: d.ID, At: d.At}}
	a.cmd.Verb = button.as
	if a.settings, a.mistakes, err = h.settings(ctx, a.repo, d.At, plan); err != nil {
		return err
	}
	if button.run == nil {
		err = bot.Refusal{Message: "it is a button of another version of me", Advice: "/help"}
	} else if err = h.mayAsk(ctx, a, *doc); err == nil {
		comment, err = button.run(h, ctx, a, doc)
	}
	var refused bot.Refusal
	switch {
	case errors.As(err, &refused):
		plan.Learn(bot.NewFact("button.refused", a.repo, e.Verb, d.At, map[string]any{"why": refused.Message, "number": c.Ref.Number}).Asked(e.By))
	case err != nil:
		return err
	default:
		plan.Learn(bot.NewFact("button.pressed", a.repo, e.Verb, d.At, map[string]any{"value": e.Check, "number": c.Ref.Number}).Asked(e.By))
	}
	if comment != "" {
		plan.Answer(bot.KeepComment{Ref: c.Ref, Place: "pressed/" + e.Verb, Body: comment})
	}
	doc.Pressed = &pressedBeside{Head: c.Head, Check: e.Check, Said: words.Beside(button.Label, e.By, comment != "", refused)}
	again := ""
	if button.Verb == policies.OfferRecount && refused.Message == "" {
		again = d.ID
	}
	if _, err := h.judge(ctx, doc, d.At, again, plan); err != nil {
		return err
	}
	plan.Keep(*doc)
	return nil
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
