package main

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// TestWhatDidNotChangeIsFree: what the bot reads again is said to be as it was
// and costs nothing of the installation's budget, although each request of a
// repository comes with a token of its own.
func TestWhatDidNotChangeIsFree(t *testing.T) {
	t.Parallel()
	h := newHour(t, 1)
	h.settle(false)
	n := must[int](t)(h.w.OpenChange(fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"}, playground.Size{Added: 5}))
	h.say(n, "/deploy staging")
	h.pass(time.Minute, 10*time.Second, false)
	h.w.GitHub.WearTokens(1)
	before := len(h.w.Calls())
	h.say(n, "/deploy staging")
	h.pass(time.Minute, 10*time.Second, false)
	free, tokens := 0, 0
	for _, c := range h.w.Calls()[before:] {
		if c.Peer != "GitHub" {
			continue
		}
		free += times(c.Status == 304)
		tokens += times(c.Method == "POST" && c.Status == 201 && len(c.Path) > 13 && c.Path[len(c.Path)-13:] == "access_tokens")
	}
	if free == 0 || tokens < 2 {
		t.Errorf("%d answers were free, with %d tokens", free, tokens)
	}
}
