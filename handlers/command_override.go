package handlers

import (
	"context"
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// override lets a change pass that is too large. It takes somebody else with
// the role, and a reason, which is kept; it holds up to a size, as counted now,
// so that a change does not grow under it, and for a while.
func (h *Handlers) override(ctx context.Context, a *asked) error {
	if len(a.args) == 0 || a.args[0] != "batch" {
		return bot.Refusal{Message: "say what is to pass: only `batch` may be overridden", Advice: a.cmd.Usage, Puzzled: true}
	}
	doc, err := h.openChange(ctx, a)
	if err != nil {
		return err
	}
	s := a.settings.Policies.Batch
	role, err := h.roleFor(ctx, a.by, "override", target{repo: a.repo, role: s.Override.Role})
	if err != nil {
		return err
	}
	a.plan.See(doc.DocKey(), doc.V)
	if _, err := h.size(ctx, &doc, s, a.d.At, "", a.plan); err != nil {
		return err
	}
	o, err := a.exception(doc, s)
	if err != nil {
		return err
	}
	o.Role = role.String()
	doc.Override, doc.Pressed = &o, nil
	if _, err := h.showVerdicts(ctx, &doc, a.settings, a.d.At, "", a.plan); err != nil {
		return err
	}
	a.plan.Keep(doc)
	c := doc.Change
	a.plan.Wake(bot.Timer{
		ID: fmt.Sprintf("judge/override/%s/%d", c.Ref.Key(), o.Until.UnixMilli()), At: o.Until,
		Event: bot.JudgeDue{Ref: c.Ref, Why: "override"},
	})
	a.plan.Learn(bot.NewFact("override.granted", c.Ref.Repo, c.Ref.String(), a.d.At, map[string]any{
		"policy": "batch", "number": c.Ref.Number, "head": c.Head, "limits": o.Limits, "until": o.Until, "reason": o.Reason, "role": o.Role, "only": o.Only,
	}).Asked(a.by))
	a.answer = words.OverrideGranted(c.Ref, o.Mosts(), o.Only, o.Until, o.Reason)
	return nil
}

// exception is what is granted, if there is something to grant.
func (a *asked) exception(doc changeDoc, s policies.BatchSettings) (o policies.Override, err error) {
	reason := clip(strings.Join(a.args[1:], " "), 200)
	told, err := doc.told(s)
	if err != nil {
		return o, err
	}
	o = s.Except(policies.Facts{Change: doc.Change, Counted: told})
	switch {
	case strings.EqualFold(string(a.by.Login), string(doc.Change.Author)):
		return o, bot.Refusal{Message: fmt.Sprintf("#%d is your own change, and `/override` needs somebody else", doc.Change.Ref.Number), Advice: fmt.Sprintf("Ask somebody with the role `%s` to write the command.", s.Override.Role)}
	case s.Mode != policies.Block:
		return o, bot.Refusal{Message: fmt.Sprintf("#%d may merge as it is: `batch` has the mode `%s`", doc.Change.Ref.Number, s.Mode), Advice: "/status"}
	case !doc.Change.HasTotals:
		return o, bot.Refusal{Message: fmt.Sprintf("nobody knows how large #%d is, and `/override` needs a size that it holds up to", doc.Change.Ref.Number), Advice: "/recheck"}
	case len(o.Limits) == 0:
		return o, bot.Refusal{Message: fmt.Sprintf("#%d is over no limit, which is %d lines here", doc.Change.Ref.Number, s.Lines.Block), Advice: "/status"}
	case reason == "" && s.Override.Reason:
		return o, bot.Refusal{Message: fmt.Sprintf("say why #%d may pass: `/override` needs a reason, which is kept", doc.Change.Ref.Number), Advice: "/override batch it cannot be split, because …", Puzzled: true}
	}
	o.By, o.Reason, o.Until = a.by, reason, a.d.At.Add(s.Override.Expires)
	return o, nil
}
