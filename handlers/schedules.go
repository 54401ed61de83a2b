package handlers

import (
	"context"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Scheduled is something that happens on a schedule of the repository's file.
// Each slot is a timer of its own name, so that two replicas or a restart make
// one; a slot that passed while we were down is heard once on waking.
type Scheduled struct {
	Name string
	Doc  string
	next func(s Settings, after time.Time) (time.Time, bool) // nil: it follows on another, which wakes it
	run  func(h *Handlers, ctx context.Context, s Settings, d bot.Delivery[bot.ScheduleDue]) (bot.Plan, error)
}

// schedules, in the order in which people see them.
func schedules() []Scheduled {
	return []Scheduled{
		{Name: "weekly", Doc: "the flow report of the week before", next: nextWeekly, run: (*Handlers).weekly},
		{Name: "amended", Doc: "48 hours later a second look at that week, which edits the report if what came late changes it", run: (*Handlers).amended},
	}
}

// Schedules is the table, for reference pages.
func Schedules() []Scheduled { return schedules() }

// timetable are the timers of the next slots that a repository's file asks for.
func (h *Handlers) timetable(d settingsDoc, now time.Time) (timers []bot.Timer) {
	s := h.inForce(d)
	for _, sch := range schedules() {
		if at, ok := sch.after(s, now); ok {
			timers = append(timers, slotTimer(sch.Name, d.Repo, at))
		}
	}
	return timers
}

func slotTimer(name string, repo bot.RepoRef, at time.Time) bot.Timer {
	at = at.UTC()
	return bot.Timer{
		ID: fmt.Sprintf("schedule/%s/%s/%s", name, repo.Key(), at.Format(time.RFC3339)), At: at,
		Event: bot.ScheduleDue{Name: name, Slot: at, Repo: repo},
	}
}

// scheduleDue runs a slot if the file still asks for it, and waits for the
// next one. When the file asks for other times by now, those have timers of
// their own, from when it was read.
func (h *Handlers) scheduleDue(ctx context.Context, d bot.Delivery[bot.ScheduleDue]) (plan bot.Plan, err error) {
	s, _, err := h.settings(ctx, d.Event.Repo, d.At, &plan)
	if err != nil {
		return plan, err
	}
	for _, sch := range schedules() {
		if sch.Name != d.Event.Name || !sch.asksFor(s, d.Event.Slot) {
			continue
		}
		part, err := sch.run(h, ctx, s, d)
		if err != nil {
			return plan, fmt.Errorf("run %s of %s: %w", sch.Name, d.Event.Repo.Name, err)
		}
		plan.Join(part)
		if at, ok := sch.after(s, later(d.At, d.Event.Slot)); ok {
			plan.Wake(slotTimer(sch.Name, d.Event.Repo, at))
		}
	}
	return plan, nil
}

// after is the next slot after a moment, if the file asks for one.
func (sch Scheduled) after(s Settings, at time.Time) (time.Time, bool) {
	if sch.next == nil {
		return time.Time{}, false
	}
	return sch.next(s, at)
}

func (sch Scheduled) asksFor(s Settings, slot time.Time) bool {
	at, ok := sch.after(s, slot.Add(-time.Second))
	return sch.next == nil || ok && at.Equal(slot)
}

// later: a slot heard a moment early must not be its own successor.
func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
