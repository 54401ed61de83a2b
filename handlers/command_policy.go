package handlers

import (
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// policy explains what each policy says of a change, as it was counted last:
// the number, the limit, and where in the file the rule stands.
func (h *Handlers) policy(ctx context.Context, a *asked) error {
	if err := h.mayRead(ctx, a); err != nil {
		return err
	}
	if len(a.args) != 1 || a.args[0] != "explain" {
		return bot.Refusal{Message: "say what of the policies: only `explain` may be asked of them", Advice: a.cmd.Usage, Puzzled: true}
	}
	doc, err := h.openChange(ctx, a)
	if err != nil {
		return err
	}
	facts, err := h.factsOf(ctx, doc, a.settings.Policies.Batch, a.d.At, a.plan)
	if err != nil {
		return err
	}
	said := words.Explained{Change: doc.Change.Ref, Head: doc.Change.Head, File: ConfigPath, HasFile: a.settings.HasFile}
	for _, p := range policies.All() {
		mode := p.Mode(a.settings.Policies)
		row := words.PolicySays{Name: p.Name, Mode: string(mode), Rule: p.Name + ".mode", Off: mode == policies.Off}
		if mode != policies.Off {
			v := p.Judge(facts, a.settings.Policies)
			row.Title, row.Rule, row.Mark = v.Title, v.Rule, markOf(v, mode)
		}
		row.Line = a.settings.Lines[row.Rule]
		said.Policies = append(said.Policies, row)
	}
	if facts.Counted != nil && a.settings.Policies.Batch.Mode != policies.Off {
		said.Not = facts.Counted.Not
	}
	a.answer = said.String()
	return nil
}

// markOf a verdict: whether it lets the change merge, as it is now.
func markOf(v policies.Verdict, mode policies.Mode) string {
	switch {
	case v.Conclusion == bot.Failure && mode == policies.Block:
		return "⛔"
	case v.Status != bot.Completed:
		return "⏳"
	case v.Conclusion == bot.Success:
		return "✅"
	}
	return "⚠️"
}
