package handlers

import (
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// recheck counts and judges a change anew, for who does not believe what the
// checks say or waits for a webhook that was lost.
func (h *Handlers) recheck(ctx context.Context, a *asked) error {
	doc, err := h.openChange(ctx, a)
	if err != nil {
		return err
	}
	if err := h.mayAsk(ctx, a, doc); err != nil {
		return err
	}
	if _, err := h.judge(ctx, &doc, a.d.At, a.d.ID, a.plan); err != nil {
		return err
	}
	a.plan.Keep(doc)
	if a.d.Event.From == bot.FromSlack { // elsewhere the reaction says so
		a.answer = words.Judged(doc.Change.Ref)
	}
	return h.judgeFile(ctx, doc.Change, a.d.At, a.d.ID, a.plan)
}

// openChange is the change that a command is about.
func (h *Handlers) openChange(ctx context.Context, a *asked) (doc changeDoc, err error) {
	if a.ref.IsZero() {
		return doc, bot.Refusal{Message: "`/" + a.cmd.Verb + "` needs the number of 1 change", Advice: "/" + a.cmd.Verb + " #12", Puzzled: true}
	}
	doc, known, err := h.change(ctx, a.ref)
	if err == nil && (!known || !doc.Change.Open) {
		err = bot.Refusal{Message: "`/" + a.cmd.Verb + "` needs an open change, and " + a.ref.String() + " is none that I know", Advice: "/status", Puzzled: true}
	}
	return doc, err
}
