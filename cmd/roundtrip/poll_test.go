package main

import (
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// TestNobodyReachesIt: serve polls GitHub and hears Slack over a connection of
// its own; no webhook finds it, and a good change goes to production all the
// same. When webhooks reach it again they bring nothing a second time.
func TestNobodyReachesIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := live(t, playground.LiveFile)
	w.SocketMode, w.Polled = true, true
	p := serveIn(t, w, dir)
	w.SetBot(nil)
	good := opened(t, w, p, fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"})
	toCanary(t, w, p, good, "alice")
	until(t, p, "the good canary waits for promotion", func() bool { return statusOf(t, w, good, "waits for promotion") })
	until(t, p, "it is connected", func() bool { return w.Slack.Sockets() > 0 })
	until(t, p, "its message has a button, and she presses it", func() bool { return w.Press(t.Context(), "alice", "shop-deploys", "promote", false) == nil })
	until(t, p, "it is live", func() bool { return statusOf(t, w, good, "Live in production") })
	for _, d := range w.GitHub.Deliveries() {
		if d.State == fakegithub.Delivered {
			t.Errorf("%s %s reached it", d.Event, d.ID)
		}
	}
	settled(t, w, p)
	repeats := len(w.GitHub.Writes())
	w.SetBot(p.Hooks)
	repeatAll(t, w)
	settled(t, w, p)
	if n := len(w.GitHub.Writes()); n != repeats {
		t.Errorf("the webhooks brought %d writes more", n-repeats)
	}
	until(t, p, "each is heard", func() bool { return len(lostSoFar(t, w, dir)) == 0 })
	nothingTwiceOn(t, w)
	if p.Interrupt() != 0 {
		t.Errorf("Ctrl-C ended it otherwise:\n%s", p.Said())
	}
	nothingLost(t, w, dir)
}

// TestHowLongItWaitsToAskAgain: longer each time, and as long as GitHub asks.
func TestHowLongItWaitsToAskAgain(t *testing.T) {
	for fails, want := range []time.Duration{8 * time.Second, 16 * time.Second, 32 * time.Second, time.Minute, time.Minute} {
		if got := pollAgain(errors.New("502"), 8*time.Second, fails); got != want {
			t.Errorf("after %d failures it waits %v, not %v", fails, got, want)
		}
	}
	for every, want := range map[time.Duration]time.Duration{time.Second: time.Hour, 2 * time.Hour: 2 * time.Hour} {
		if got := pollAgain(bot.RetryAfter{After: time.Hour}, every, 0); got != want {
			t.Errorf("asked for an hour, it waits %v", got)
		}
	}
}
