package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// jumps of the database's clock, and what people read while it is wrong.
var jumps = []struct {
	name         string
	by           time.Duration
	seen, unseen string
}{
	{"an hour forward", time.Hour, "there is still not enough evidence", "Rolling back"},
	{"an hour back", -time.Hour, "Watching shop in canary at 25 %", "Live in canary"},
}

// TestAClockThatJumps: the database's clock jumps in the middle of a rollout,
// with a command on its way, and is put right after a while. GitHub, chat and the
// deploy target go on by theirs. People notice what the table in
// docs/reliability.md says, and nothing is lost or twice.
func TestAClockThatJumps(t *testing.T) {
	t.Parallel()
	table := string(must[[]byte](t)(os.ReadFile("../../docs/reliability.md")))
	for _, j := range jumps {
		t.Run(j.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(table, "| "+j.name+" | ") {
				t.Error("docs/reliability.md does not say what happens")
			}
			h := newHourWith(t, 1, strings.Replace(playground.StoryFile, "0 9 * * MON", "45 10 * * MON", 1), nil) // 08:45 UTC
			n := h.halfWay()
			h.say(n, "/status")
			must[int](t)(h.w.GitHub.Deliver(t.Context())) // it is on disk
			h.off = j.by
			h.pass(20*time.Minute, 10*time.Second, false)
			if said := h.read(); !strings.Contains(said, j.seen) || strings.Contains(said, j.unseen) || !strings.Contains(said, "` of #1 is w") {
				t.Errorf("while the clock is wrong people read\n%s", said)
			}
			h.off = 0
			h.pass(85*time.Minute, time.Minute, false)
			if broken, quiet := h.holds(); len(broken) > 0 || !quiet {
				t.Errorf("afterwards (at rest: %v; %s): %v", quiet, h.unrest(), broken)
			}
			if said := h.read(); !strings.Contains(said, "Healthy: shop in canary at 50 %") {
				t.Errorf("afterwards people read\n%s", said)
			}
			sent := must[[]bot.Fact](t)(h.app.store.Facts(t.Context(), bot.FactQuery{Kinds: []string{"report.sent"}}))
			if len(sent) != 1 {
				t.Errorf("the week's report was sent %d times", len(sent))
			}
		})
	}
}

// halfWay brings a change to staging, and its canary gets traffic.
func (h *hour) halfWay() (n int) {
	h.settle(false)
	n = must[int](h.t)(h.w.OpenChange(fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"}, playground.Size{Added: 5}))
	for _, check := range []string{"build", "unit"} {
		if err := h.w.Report(check, fmt.Sprintf("#%d", n), "success"); err != nil {
			h.t.Fatal(err)
		}
	}
	h.pass(time.Minute, 10*time.Second, false)
	h.say(n, "/deploy staging")
	h.pass(2*time.Minute, time.Minute, false)
	h.say(n, "/deploy canary")
	h.pass(time.Minute, 10*time.Second, false)
	return n
}
