package handlers

import (
	"context"
	"errors"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies"
)

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
	a := &asked{by: e.By, repo: c.Ref.Repo, ref: c.Ref, plan: plan, d: bot.Delivery[bot.CommandGiven]{ID: d.ID, At: d.At}}
	if a.settings, a.mistakes, err = h.settings(ctx, a.repo, d.At, plan); err != nil {
		return err
	}
	button := checkButton(e.Verb)
	comment, err := h.runBeside(ctx, a, button, doc)
	var refused bot.Refusal
	if err != nil && !errors.As(err, &refused) {
		return err
	}
	plan.Learn(pressFact(a, e, refused))
	if comment != "" {
		plan.Answer(bot.KeepComment{Ref: c.Ref, Place: "pressed/" + e.Verb, Body: comment})
	}
	doc.Pressed = &pressedBeside{Head: c.Head, Check: e.Check, Said: words.Beside(button.Label, e.By, comment != "", refused)}
	again := ""
	if button.Verb == policies.OfferRecount && err == nil {
		again = d.ID
	}
	if _, err := h.judge(ctx, doc, d.At, again, plan); err != nil {
		return err
	}
	plan.Keep(*doc)
	return nil
}

// runBeside runs a button for whoever may give its command.
func (h *Handlers) runBeside(ctx context.Context, a *asked, button CheckButton, doc *changeDoc) (comment string, err error) {
	if button.run == nil {
		return "", bot.Refusal{Message: "it is a button of another version of me", Advice: "/help"}
	}
	a.cmd.Verb = button.as
	if err := h.mayAsk(ctx, a, *doc); err != nil {
		return "", err
	}
	return button.run(h, ctx, a, doc)
}

func pressFact(a *asked, e bot.CheckPressed, refused bot.Refusal) bot.Fact {
	what, more := "button.pressed", map[string]any{"value": e.Check, "number": a.ref.Number}
	if refused.Message != "" {
		what, more = "button.refused", map[string]any{"why": refused.Message, "number": a.ref.Number}
	}
	return bot.NewFact(what, a.repo, e.Verb, a.d.At, more).Asked(a.by)
}
