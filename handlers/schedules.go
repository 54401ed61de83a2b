package handlers

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// timetable are the timers that a repository's file asks for: none yet.
func (h *Handlers) timetable(settingsDoc, time.Time) []bot.Timer { return nil }

func (h *Handlers) scheduleDue(context.Context, bot.Delivery[bot.ScheduleDue]) (bot.Plan, error) {
	return bot.Plan{}, nil
}
