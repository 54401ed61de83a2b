package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// startDue asks again whether a stage may start with a merge.
func (h *Handlers) startDue(ctx context.Context, d bot.Delivery[bot.StartDue]) (plan bot.Plan, err error) {
	doc, known, err := h.change(ctx, d.Event.Ref)
	if err != nil || !known {
		return plan, err
	}
	newest, err := h.newest(ctx, doc.Change)
	if err != nil {
		return plan, err
	}
	s, mistakes, err := h.settings(ctx, d.Event.Ref.Repo, d.At, &plan)
	if err != nil {
		return plan, err
	}
	if d.Event.Stage == "" {
		lookForStarts(s, d.Event, len(mistakes) > 0 && newest.Number == doc.Change.Ref.Number, d.At, &plan)
		return plan, nil
	}
	err = h.start(ctx, s, mistakes, d.Event, doc.Change, newest, d.At, &plan)
	return plan, err
}

// start begins a stage, or asks again a little later while its gates wait for
// something: right after a merge its checks have only begun. What stands in
// the way for good is said on the change. What a later merge contains does not
// start: that one does in its place; nor what somebody asked for meanwhile. While the file has mistakes, s are the
// settings of its last good version, and nothing starts by them.
func (h *Handlers) start(ctx context.Context, s Settings, mistakes []string, e bot.StartDue, c bot.Change, newest newestDoc, now time.Time, plan *bot.Plan) error {
	stage, ok := s.Pipeline.Stage(string(e.Stage))
	service, known := s.Pipeline.Service(e.Service)
	place := s.Pipeline.Place(service.NameIn(c.Ref.Repo), e.Stage)
	wrong := waitsForFile{StartDue: e, at: words.Start{Place: place, Path: ConfigPath, Mistakes: mistakes, Most: stage.Timeouts.Rollout}, plan: plan}
	if !ok || !known || stage.Start != "merge" {
		wrong.noLonger(ok && known)
		return nil
	}
	b := beginning{settings: s, release: newRelease(c, service, s.Pipeline.Hash), stage: stage, by: e.By, now: now, plan: plan}
	b.release.SHA, b.release.Merged = c.MergeSHA, true
	slot, running, err := h.slot(ctx, b.release, stage)
	if err != nil {
		return err
	}
	b.slot = slot
	if newer, ok := b.containedIn(newest, running); ok {
		wrong.ends(wrong.at.Contained(newer))
		plan.Learn(overtaken(e, c, newer, "", now))
		return nil
	}
	if by, found, err := h.sentAlready(ctx, b); err != nil || found {
		wrong.ends(wrong.at.Sent())
		plan.Learn(overtaken(e, c, 0, by, now))
		return err
	}
	if len(mistakes) > 0 {
		return h.startWaits(wrong.waits(now), now, stage, place, wrong.at.Wrong(), plan)
	}
	e = wrong.goesOn()
	if running != nil {
		return h.startWaits(e, now, stage, place, fmt.Sprintf("`%s` is there (%s)", running.Release.SHA.Short(), running.State), plan)
	}
	err = h.begin(ctx, b)
	var waits pendingGates
	var refused bot.Refusal
	switch {
	case errors.As(err, &waits):
		return h.startWaits(e, now, stage, place, waits.says, plan)
	case errors.As(err, &refused):
		plan.Do(bot.KeepComment{Ref: c.Ref, Place: startComment(e, place), Body: words.Refused(refused)})
		return nil
	}
	return err
}

// startWaits asks again: soon at first, then every other minute, and gives up
// when the rollout itself would have been given up.
func (h *Handlers) startWaits(e bot.StartDue, now time.Time, stage deploy.Stage, place, what string, plan *bot.Plan) error {
	waited := now.Sub(e.Since)
	if waited >= stage.Timeouts.Rollout {
		plan.Do(bot.KeepComment{Ref: e.Ref, Place: startComment(e, place), Body: words.Refused(bot.Refusal{
			Message: fmt.Sprintf("%s after the merge %s was not started: %s", words.For(waited), place, what), Advice: "/deploy " + place,
		})})
		return nil
	}
	startAgain(e, now, plan)
	return nil
}

// startAgain asks again a little later.
func startAgain(e bot.StartDue, now time.Time, plan *bot.Plan) {
	next := 30 * time.Second
	if now.Sub(e.Since) >= 10*time.Minute {
		next = 2 * time.Minute
	}
	startAt(e, now, now.Add(next), plan)
}

func startAt(e bot.StartDue, now, at time.Time, plan *bot.Plan) {
	plan.Wake(bot.Timer{ID: fmt.Sprintf("start/%s/%s/%d", e.Ref.Key(), e.Key(), now.UnixMicro()), At: at, Event: e})
}

// pendingGates is a refusal that time may lift.
type pendingGates struct {
	bot.Refusal
	says string
}

func (p pendingGates) Unwrap() error { return p.Refusal }

// refusal is what the gates that stand in the way amount to.
func refusal(b beginning, blocking []deploy.Answer) error {
	r := words.GatesRefused(b.settings.Pipeline.Place(b.release.Service, b.stage.Name), b.release.SHA, blocking2words(blocking))
	if slices.ContainsFunc(blocking, func(a deploy.Answer) bool { return a.Result == deploy.Fail }) {
		return r
	}
	return pendingGates{Refusal: r, says: blocking[0].Says}
}
