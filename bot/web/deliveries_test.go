package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Of all that waits the page says why, and of how many it cannot see only what
// it knows.
func TestWhyItWaits(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	l := look{now: now}
	letter := func(seq int64, subject string) bot.Letter {
		return bot.Letter{State: bot.LetterReady, Subject: subject, Seq: seq}
	}
	third := letter(3, "42/7#1")
	late := bot.Letter{State: bot.LetterReady, Subject: "42/7#1", Seq: 2, Due: now.Add(time.Hour)}
	alone := lineOf[bot.Letter]{all: []bot.Letter{third, late, letter(1, "42/7#2")}}
	line := lineOf[bot.Letter]{all: []bot.Letter{letter(4, "42/7#1"), third, letter(2, "42/7#1"), {State: bot.LetterHandling, Subject: "42/7#1", Seq: 9}}}
	cut, cutAlone := line, alone
	cut.cut, cutAlone.cut = true, true
	tasks := lineOf[bot.Task]{all: []bot.Task{{Seq: 3, Group: "g"}, {Seq: 2, Group: "g"}, {Seq: 1, Group: "h"}}}
	for want, got := range map[string]waitsFor{
		"It is the next of what it is about.":                  l.letterRow(third, alone),
		"It stands behind 2 about the same.":                   l.letterRow(third, line),
		"It stands behind at least 2 about the same.":          l.letterRow(third, cut),
		"It waits for its turn.":                               l.letterRow(third, cutAlone),
		"It is tried again at 2026-03-02 09:01:00 UTC.":        l.letterRow(bot.Letter{State: bot.LetterReady, RetryAt: now.Add(time.Minute)}, alone),
		"It is a timer, and rings at 2026-03-02 10:00:00 UTC.": l.letterRow(late, alone),
		"It was given up, and is not tried again by itself.":   l.letterRow(bot.Letter{State: bot.LetterFailed}, alone),
		"It is the next of its group.":                         l.taskRow(bot.Task{Seq: 1, State: bot.TaskWaiting, Group: "h"}, tasks),
		"It stands behind 1 of its group.":                     l.taskRow(bot.Task{Seq: 3, State: bot.TaskWaiting, Group: "g"}, tasks),
		"It failed, and is not tried again by itself.":         l.taskRow(bot.Task{State: bot.TaskFailed, Kind: "comment", Body: []byte("{}")}, tasks),
	} {
		if got.Why != want {
			t.Errorf("it says %q, want %q", got.Why, want)
		}
	}
	if r := l.taskRow(bot.Task{State: bot.TaskFailed, Kind: "stage.weight", Body: []byte("{}")}, tasks); r.Row != "" || !strings.Contains(r.Why, "went on without it") {
		t.Errorf("a weight whose rollout was told can be tried again: %+v", r)
	}
}

// TestDeliveriesPageByPage: what there is no room for is a link away, and one
// state alone can be looked at.
func TestDeliveriesPageByPage(t *testing.T) {
	s := &shelf{at: began}
	for i := range 120 {
		s.owe(t, bot.KeepMessage{Channel: "#c", Place: fmt.Sprintf("n%03d.", i)}, bot.TaskWaiting, "")
	}
	s.owe(t, bot.KeepMessage{Channel: "#c", Place: "failed."}, bot.TaskFailed, "no such channel")
	seen, path := 0, "/deliveries"
	for path != "" {
		html := see(t, s, path).Body.String()
		seen += strings.Count(html, "<bdi>message #c/n")
		if path = ""; strings.Contains(html, "before=") {
			_, rest, _ := strings.Cut(html, `<p><a href="`)
			path, _, _ = strings.Cut(strings.ReplaceAll(rest, "&amp;", "&"), `"`)
		}
	}
	if seen != 120 {
		t.Errorf("%d of 120 can be seen", seen)
	}
	html := see(t, s, "/deliveries?out=failed").Body.String()
	if !strings.Contains(html, "#c/failed.") || strings.Contains(html, "#c/n") || strings.Contains(html, "What came in") {
		t.Errorf("of what failed it shows %s", html)
	}
	for _, wrong := range []string{"?in=done", "?out=x", "?before=x"} {
		if w := see(t, s, "/deliveries"+wrong); w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", wrong, w.Code)
		}
	}
}
