package main

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// TestTheSameDeliveryThreeTimes: at once, and after a restart. One check, one
// comment, one deployment.
func TestTheSameDeliveryThreeTimes(t *testing.T) {
	dir := t.TempDir()
	w := live(t, playground.LiveFile)
	p := serveIn(t, w, dir)
	n := opened(t, w, p, fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"})
	say(t, w, n, "alice", "/deploy staging @"+look(t, w, n).Head)
	until(t, p, "it is live in staging", func() bool { return statusOf(t, w, n, "Live in staging") })
	repeatAll(t, w)
	settled(t, w, p)
	if status := p.interrupt(); status != 0 {
		t.Errorf("Ctrl-C ended with status %d", status)
	}
	p = serveIn(t, w, dir)
	repeatAll(t, w)
	settled(t, w, p)
	nothingTwice(t, w)
	deployments := 0
	for _, d := range w.GitHub.Deployments(playground.Repo) {
		if d.SHA == look(t, w, n).Head {
			deployments++
		}
	}
	if deployments != 1 {
		t.Errorf("%d deployments", deployments)
	}
	if comments := count(look(t, w, n).Comments, func(c fakegithub.CommentView) bool { return c.Author == w.GitHub.BotLogin() }); comments != 1 {
		t.Errorf("%d comments of the bot", comments)
	}
}

// repeatAll delivers everything twice more, all at once.
func repeatAll(t *testing.T, w *playground.World) {
	t.Helper()
	var all sync.WaitGroup
	for _, d := range w.GitHub.Deliveries() {
		for range 2 {
			all.Go(func() {
				if err := w.GitHub.Redeliver(t.Context(), d.ID); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
}

// settled waits until the bot has asked and written nothing for a while.
func settled(t *testing.T, w *playground.World, p *process) {
	t.Helper()
	last, since := -1, time.Now()
	until(t, p, "it is quiet", func() bool {
		if n := len(w.GitHub.Writes()); n != last {
			last, since = n, time.Now()
		}
		return time.Since(since) > time.Second
	})
}

// TestALimitIsWaitedFor: GitHub asks to wait, Slack is down, the connection is
// cut; what was decided is written once when they are back.
func TestALimitIsWaitedFor(t *testing.T) {
	w := live(t, playground.LiveFile)
	p := serveIn(t, w, t.TempDir())
	w.GitHub.Fail(fakegithub.Fault{Route: "POST /repos/{owner}/{repo}/check-runs", Secondary: true, RetryAfter: time.Second, Times: 1})
	w.GitHub.Fail(fakegithub.Fault{Route: "POST /repos/{owner}/{repo}/check-runs", Lost: true, Times: 1})
	n := opened(t, w, p, fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"})
	until(t, p, "both checks are there", func() bool {
		return count(look(t, w, n).Checks, func(c fakegithub.CheckView) bool { return strings.HasPrefix(c.Name, "roundtrip / ") }) == 2
	})
	settled(t, w, p)
	nothingTwiceOn(t, w)
}
