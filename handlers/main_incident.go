package handlers

import (
	"context"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// broke: everybody waits, and the channel hears what fails and with what it
// came.
func (h *Handlers) broke(ctx context.Context, s Settings, b policies.Build, now time.Time, plan *bot.Plan) error {
	all := bot.JudgeAllDue{Repo: b.Repo, Base: b.Branch, Why: fmt.Sprintf("broke/%s/%d", b.Branch, b.Number)}
	rejudge(all, now, plan)
	rejudgeStrangers(all, now, plan)
	with, err := h.head(ctx, b.Repo, b.Causes[0].SHA)
	if err != nil {
		return err
	}
	plan.See(with.DocKey(), with.V) // whoever merged it says so there
	incident, err := h.incident(ctx, b)
	if err != nil {
		return err
	}
	plan.Learn(bot.NewFact("main.broke", b.Repo, b.Branch, b.Since, map[string]any{
		"branch": b.Branch, "number": b.Number, "sha": b.Causes[0].SHA, "checks": b.Why(), "change": incident.Change.Number, "sure": string(incident.Culprit.Sure),
	}))
	text, blocks := incident.Broke()
	h.tellMain(s, b, "", text, blocks, plan)
	startClock(s, b, now, plan)
	return nil
}

// healed: all are released, and the incident is told to its end.
func (h *Handlers) healed(ctx context.Context, s Settings, t turned, plan *bot.Plan) error {
	before, b := t.before, t.after
	rejudge(bot.JudgeAllDue{Repo: b.Repo, Base: b.Branch, Why: fmt.Sprintf("healed/%s/%d", b.Branch, b.Number)}, t.now, plan)
	open, err := h.openChanges(ctx, b.Repo, b.Branch)
	if err != nil {
		return err
	}
	incident, err := h.incident(ctx, before)
	if err != nil {
		return err
	}
	incident.Healed, incident.Waiting, incident.Unproven = b.Since, len(open), b.Health != policies.Green
	minutes := b.Since.Sub(before.Since).Minutes()
	plan.Learn(bot.NewFact("main.healed", b.Repo, b.Branch, b.Since, map[string]any{
		"branch": b.Branch, "number": b.Number, "sha": t.sha, "minutes": minutes, "broke": before.Since,
	}))
	text, blocks := incident.Over()
	h.tellMain(s, b, "", text, blocks, plan)
	h.tellMain(s, b, "healed", text, nil, plan)
	return nil
}

// incident is what is known of why a branch is red.
func (h *Handlers) incident(ctx context.Context, b policies.Build) (words.Incident, error) {
	i := words.Incident{Repo: b.Repo.Name, Branch: b.Branch, Why: b.Why(), Since: b.Since, URL: b.Causes[0].URL, Claimed: b.Claimed, ClaimedAt: b.ClaimedAt}
	i.Culprit, i.Buttons = culprit(b), claimButton(b)
	if b.Revert != nil {
		i.Revert = words.TakeBack{By: b.Revert.By, Opened: b.Revert.Opened}
	}
	doc, known, err := h.changeAt(ctx, b.Repo, b.Causes[0].SHA)
	if err == nil && known {
		i.Change, i.Title, i.Author = doc.Change.Ref, doc.Change.Title, doc.Change.Author
		offer := revertButton(b, doc.Change)
		i.Buttons, i.Revert.Offered = append(i.Buttons, offer...), len(offer) > 0
	}
	return i, err
}

// culprit is how sure it is with what the first of what fails began.
func culprit(b policies.Build) words.Culprit {
	first := b.Causes[0]
	c := words.Culprit{
		After: first.After.Short(), Failures: first.Failures, Several: first.Steps != 1,
		Reason: words.Unheard(first.Check, first.Barred, first.Silent),
	}
	switch first.Confidence {
	case trunk.Certain:
		c.Sure = words.Certain
	case trunk.Likely:
		c.Sure = words.Likely
	case trunk.Suspects, trunk.Nobody:
	}
	return c
}

// tellMain keeps the incident's one message up to date, or adds to its thread.
func (h *Handlers) tellMain(s Settings, b policies.Build, part, text string, blocks []bot.Block, plan *bot.Plan) {
	if s.Notify.Channel == "" {
		return
	}
	place := fmt.Sprintf("main/%s/%s/%d", b.Repo.Key(), b.Branch, b.Number)
	m := bot.KeepMessage{Repo: b.Repo, Channel: s.Notify.Channel, Place: place, Text: text, Blocks: blocks}
	if part != "" {
		m.Thread, m.Place = place, place+"/"+part
	}
	if s.Policies.Green.Mode == policies.Observe {
		plan.Hold(m)
		return
	}
	plan.Do(m)
}
