package web

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Of all that waits the page says why.
func TestWhyItWaits(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	l := look{now: now}
	ready := bot.Letter{State: bot.LetterReady, Subject: "42/7#1", Seq: 1}
	for want, got := range map[string]waitsFor{
		"It is the next of what it is about.":                  l.letterRow(ready, []bot.Letter{{Subject: "42/7#2"}}),
		"It stands behind 2 about the same.":                   l.letterRow(ready, []bot.Letter{ready, ready}),
		"It is tried again at 2026-03-02 09:01:00 UTC.":        l.letterRow(bot.Letter{State: bot.LetterReady, RetryAt: now.Add(time.Minute)}, nil),
		"It is a timer, and rings at 2026-03-02 10:00:00 UTC.": l.letterRow(bot.Letter{State: bot.LetterReady, Due: now.Add(time.Hour)}, nil),
		"It was given up, and is not tried again.":             l.letterRow(bot.Letter{State: bot.LetterFailed}, nil),
		"It is the next of its group.":                         l.taskRow(bot.Task{State: bot.TaskWaiting, Group: "g"}, []bot.Task{{Group: "h"}}),
		"It stands behind 1 of its group.":                     l.taskRow(bot.Task{State: bot.TaskWaiting, Group: "g"}, []bot.Task{{Group: "g"}}),
		"It failed, and is not tried again.":                   l.taskRow(bot.Task{State: bot.TaskFailed}, nil),
	} {
		if got.Why != want {
			t.Errorf("it says %q, want %q", got.Why, want)
		}
	}
}
