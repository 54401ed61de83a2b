package handlers

import (
	"context"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// startOnMerge begins the stages that start with a merge. It looks for more of
// them once more, as a merge is often heard before the push of the file that it
// brings.
func (h *Handlers) startOnMerge(ctx context.Context, c bot.Change, by bot.Person, now time.Time, plan *bot.Plan) error {
	if c.BaseRef != c.Default { // into a branch of somebody's own
		return nil
	}
	newest, err := h.noteMerge(ctx, c, plan) // also while the file is wrong
	if err != nil {
		return err
	}
	s, mistakes, err := h.settings(ctx, c.Ref.Repo, now, plan)
	if err != nil {
		return err
	}
	all := bot.StartDue{Ref: c.Ref, By: by, Since: now}
	for _, start := range startsWithMerge(s, all, now) {
		if err := h.start(ctx, s, mistakes, start, c, newest, now, plan); err != nil {
			return err
		}
		all.Apart = append(all.Apart, start.Key())
	}
	startAgain(all, now, plan)
	return nil
}

// startsWithMerge are the starts that the file asks for, those that are seen to
// and those that are too late left out.
func startsWithMerge(s Settings, all bot.StartDue, now time.Time) (starts []bot.StartDue) {
	for _, stage := range s.Pipeline.Stages {
		if stage.Start != "merge" || now.Sub(all.Since) >= stage.Timeouts.Rollout {
			continue
		}
		for _, service := range s.Pipeline.Services {
			start := bot.StartDue{Ref: all.Ref, Stage: stage.Name, Service: service.Name, By: all.By, Since: all.Since}
			if !slices.Contains(all.Apart, start.Key()) {
				starts = append(starts, start)
			}
		}
	}
	return starts
}

// looksFor is how long after a merge a file that is wrong may come to name
// stages that start with it: as long as a rollout has unless the file says.
const looksFor = 4 * time.Hour

// lookForStarts wakes the starts that the file has come to ask for. While it is
// wrong its last good version may know nothing of them: who waits for it to be
// right looks again.
func lookForStarts(s Settings, all bot.StartDue, waits bool, now time.Time, plan *bot.Plan) {
	for _, start := range startsWithMerge(s, all, now) {
		startAt(start, now, now, plan)
		all.Apart = append(all.Apart, start.Key())
	}
	if waits && now.Sub(all.Since) < looksFor {
		startAgain(all, now, plan)
	}
}
