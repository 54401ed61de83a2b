package main

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// peers of the bot, by where they are in the world, and what people read while
// the line to each is broken. These are rows of the table in
// docs/reliability.md.
var peers = []struct{ name, path, seen, unseen string }{
	{"GitHub", "github", "GitHub is not answering.", "Live in staging"},
	{"Slack", "slack", "### ✅ Live in staging", "\n✅ Live in staging"}, // GitHub tells all, chat its beginning at most
	{"deploy target", "cd", "Bringing shop to staging", "Live in staging"},
	{"source", "shop", "Nothing is concluded from that.", "Enough to go on"},
}

// TestABrokenLine: the line between the bot and a peer is broken for three
// minutes while a command is carried out. People are told what the table says,
// and when the line is whole again all comes to its end, nothing twice.
func TestABrokenLine(t *testing.T) {
	t.Parallel()
	table := string(must[[]byte](t)(os.ReadFile("../../docs/reliability.md")))
	for _, p := range peers {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel() // half of it is waiting
			for _, fault := range []string{cut, slow, halfOpen, reset, noName} {
				if !strings.Contains(table, "| "+p.name+" | "+fault+" | ") {
					t.Errorf("docs/reliability.md does not say what happens when the line is %s", fault)
				}
				h := newFaulty(t)
				l := h.over.(network)[p.path]
				said := h.deploy(l, fault, p.path == "shop")
				if !strings.Contains(said, p.seen) || strings.Contains(said, p.unseen) || l.bent.Load() == 0 {
					t.Errorf("%s: on %d broken connections people read\n%s", fault, l.bent.Load(), said)
				}
				if broken, quiet := h.holds(); len(broken) > 0 || !quiet {
					t.Errorf("%s, afterwards (at rest: %v; %s): %v", fault, quiet, h.unrest(), broken)
				}
				if after := h.read(); !strings.Contains(after, "Live in staging") {
					t.Errorf("%s, afterwards people read\n%s", fault, after)
				}
			}
		})
	}
}

func newFaulty(t *testing.T) *hour {
	h := newHourWith(t, 1, playground.StoryFile, nil)
	h.leave()
	u := must[*url.URL](t)(url.Parse(h.w.URL))
	lines := network{}
	for _, p := range peers {
		lines[p.path] = newLine(t, u.Host)
	}
	h.over = lines
	h.begin()
	return h
}

// deploy brings a change to staging, or with canary from there to production,
// on a line that is broken for three minutes; it answers what people read by
// then.
func (h *hour) deploy(l *line, fault string, canary bool) (said string) {
	h.settle(false)
	n := must[int](h.t)(h.w.OpenChange(fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"}, playground.Size{Added: 5}))
	for _, check := range []string{"build", "unit"} {
		if err := h.w.Report(check, fmt.Sprintf("#%d", n), "success"); err != nil {
			h.t.Fatal(err)
		}
	}
	h.pass(time.Minute, 10*time.Second, false)
	h.say(n, "/deploy staging")
	if canary {
		h.pass(2*time.Minute, time.Minute, false)
		h.say(n, "/deploy canary")
		h.pass(30*time.Second, 10*time.Second, false) // it is placed
	}
	l.is.Store(fault)
	h.pass(3*time.Minute, time.Minute, false)
	said = h.read()
	l.is.Store(whole)
	h.pass(13*time.Minute, time.Minute, false)
	return said
}

// read what the bot says, on the change and in chat.
func (h *hour) read() (said string) {
	for _, m := range look(h.t, h.w, 1).Comments {
		said += m.Body + "\n"
	}
	for _, channel := range []string{"shop", "shop-deploys"} {
		for _, m := range h.w.Slack.Messages(channel) {
			said += m.Text + "\n"
		}
	}
	return said
}
