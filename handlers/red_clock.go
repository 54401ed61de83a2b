package handlers

import (
	"context"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// startClock wakes us at each reminder of a red branch that lies ahead. The
// clock counts from the first failure, not from when we heard of it.
func startClock(s Settings, b policies.Build, now time.Time, plan *bot.Plan) {
	clock := s.Policies.Green.Clock
	wake := func(d time.Duration, escalate bool) {
		if at := b.Since.Add(d); at.After(now) {
			plan.Wake(bot.Timer{
				ID: fmt.Sprintf("red/%s/%s/%d/%s/%t", b.Repo.Key(), b.Branch, b.Number, d, escalate), At: at,
				Event: bot.RedDue{Repo: b.Repo, Branch: b.Branch, Number: b.Number, After: d, Escalate: escalate},
			})
		}
	}
	for _, d := range clock.Nudge {
		wake(d, false)
	}
	wake(clock.Escalate, true)
}

// withButtons is a text with what can be done about it; nil when it is a text
// alone.
func withButtons(text string, buttons []bot.Button) []bot.Block {
	if len(buttons) == 0 {
		return nil
	}
	return []bot.Block{{Kind: bot.Section, Text: text}, {Kind: bot.Actions, Buttons: buttons}}
}

// redDue reminds the thread that the branch is still red: how long, who takes
// care, and what can be done. Nobody is reminded of what is over
// or of what the file asks for no more.
func (h *Handlers) redDue(ctx context.Context, d bot.Delivery[bot.RedDue]) (plan bot.Plan, err error) {
	e := d.Event
	b, err := h.buildSeen(ctx, e.Repo, e.Branch, &plan)
	if err != nil || b.Health != policies.Red || b.Number != e.Number {
		return plan, err
	}
	s, _, err := h.settings(ctx, e.Repo, d.At, &plan)
	if err != nil || !s.Policies.Green.Watched(e.Branch) {
		return plan, err
	}
	incident, err := h.incident(ctx, b)
	if err != nil {
		return plan, err
	}
	text := incident.Nudge(e.After, s.Policies.Green.Clock.Target)
	if e.Escalate {
		text = incident.Escalated(e.After, s.Notify.Page)
	}
	h.tellMain(s, b, fmt.Sprintf("%s/%t", e.After, e.Escalate), text, withButtons(text, incident.Buttons), &plan)
	plan.Learn(bot.NewFact("main.nudged", e.Repo, e.Branch, d.At, map[string]any{"number": e.Number, "after": e.After.String(), "escalated": e.Escalate, "claimed": b.Claimed.Name()}))
	return plan, nil
}
