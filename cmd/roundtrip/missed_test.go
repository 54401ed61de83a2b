package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// TestWhatFlowedWhileServeWasDown is caught up when it starts, without a hand
// at GitHub: what people then see is what they see of a serve that was never
// down, and nothing is there twice.
func TestWhatFlowedWhileServeWasDown(t *testing.T) {
	t.Parallel()
	seen := map[bool]string{}
	for _, down := range []bool{false, true} {
		dir := t.TempDir()
		w := live(t, playground.LiveFile)
		if around := recording("missed"); down && around != nil {
			after := must[func() error](t)(around(w))
			t.Cleanup(func() {
				if err := after(); err != nil {
					t.Error(err)
				}
			})
		}
		p := serveIn(t, w, dir)
		opened(t, w, p, fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"})
		if down {
			p.Kill()
			w.SetBot(nil)
		}
		busyDay(t, w)
		until(t, p, "each was sent", func() bool { return len(w.GitHub.Pending()) == 0 })
		if down {
			if n := count(w.GitHub.Deliveries(), func(d fakegithub.DeliveryView) bool { return d.State == fakegithub.Failed }); n < 8 {
				t.Fatalf("only %d failed: the test proves nothing", n)
			}
			p = serveIn(t, w, dir)
		}
		until(t, p, "people see it all", func() bool {
			return strings.Count(peopleSee(t, w), "roundtrip / main") == 2 && strings.Count(peopleSee(t, w), "roundtrip[bot]") == 1
		})
		settled(t, w, p)
		until(t, p, "each is heard", func() bool { return len(lostSoFar(t, w, dir)) == 0 })
		nothingTwiceOn(t, w)
		seen[down] = peopleSee(t, w)
		p.Interrupt()
		nothingLost(t, w, dir)
	}
	if seen[true] != seen[false] {
		t.Errorf("down:\n%s\nup:\n%s", seen[true], seen[false])
	}
}

// TestLostWithoutATrace: GitHub never sent it, or forgot that it did. What it
// shows now is compared with what is known, and what differs goes its usual way.
func TestLostWithoutATrace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := live(t, playground.LiveFile)
	p := serveIn(t, w, dir)
	opened(t, w, p, fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"})
	w.GitHub.HoldHooks(true)
	busyDay(t, w)
	if n := w.GitHub.DropHooks(); n < 8 {
		t.Fatalf("only %d were lost: the test proves nothing", n)
	}
	p.Kill()
	p = serveIn(t, w, dir)
	until(t, p, "people see it all", func() bool {
		return strings.Count(peopleSee(t, w), "Waiting for main: it is red") == 2 && strings.Count(peopleSee(t, w), "roundtrip / batch") == 2
	})
	if told := aboutRed(w); len(told) != 1 {
		t.Errorf("the channel was told %d times that main is red: %v", len(told), told)
	}
	settled(t, w, p)
	nothingTwiceOn(t, w)
}

// busyDay: a change is pushed to and another opened, main breaks, and somebody
// asks for something.
func busyDay(t *testing.T, w *playground.World) {
	t.Helper()
	must[string](t)(w.GitHub.Push(playground.Repo, look(t, w, 1).Branch, "alice", "Wrap twice", map[string]string{"shop/twice.go": "package shop\n"}))
	n := must[int](t)(w.OpenChange(fakegithub.NewChange{Author: "bob", Title: "Faster prices"}, playground.Size{Added: 900}))
	for _, check := range []string{"build", "unit"} {
		if err := w.Report(check, "main", "success"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Report("unit", "main", "failure"); err != nil {
		t.Fatal(err)
	}
	say(t, w, n, "alice", "/status")
}

// peopleSee is what the bot shows on changes, in words.
func peopleSee(t *testing.T, w *playground.World) string {
	t.Helper()
	var lines []string
	for _, c := range w.GitHub.Changes(playground.Repo) {
		for _, k := range c.Checks {
			if strings.HasPrefix(k.Name, "roundtrip / ") {
				lines = append(lines, fmt.Sprintf("#%d %s: %s %s %s", c.Number, k.Name, k.Status, k.Conclusion, k.Title))
			}
		}
		for _, m := range c.Comments {
			head, _, _ := strings.Cut(m.Body, "\n")
			lines = append(lines, fmt.Sprintf("#%d %s: %s", c.Number, m.Author, head))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
