package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// TestTheSameDeliveryThreeTimes: three at once of ids that were never heard,
// more of them when all is done, and after a restart. One check, one comment,
// one deployment.
func TestTheSameDeliveryThreeTimes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := live(t, playground.LiveFile)
	p := serveIn(t, w, dir)
	w.SetBot(threeTimes(t, p.Hooks))
	n := opened(t, w, p, fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"})
	say(t, w, n, "alice", "/deploy staging @"+look(t, w, n).Head)
	until(t, p, "it is live in staging", func() bool { return statusOf(t, w, n, "Live in staging") })
	repeatAll(t, w)
	settled(t, w, p)
	if status := p.Interrupt(); status != 0 {
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

// threeTimes hands every request to the bot three times, at once; the first
// answer is the answer.
func threeTimes(t *testing.T, bot http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		answers := make([]*httptest.ResponseRecorder, 3)
		var all sync.WaitGroup
		for i := range answers {
			answers[i] = httptest.NewRecorder()
			all.Go(func() {
				again := r.Clone(r.Context())
				again.Body = io.NopCloser(bytes.NewReader(body))
				bot.ServeHTTP(answers[i], again)
			})
		}
		all.Wait()
		for _, a := range answers {
			if a.Code/100 != 2 {
				t.Errorf("%s %s was answered %d: %s", r.Method, r.URL.Path, a.Code, a.Body)
			}
		}
		w.WriteHeader(answers[0].Code)
		_, _ = w.Write(answers[0].Body.Bytes())
	})
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
func settled(t *testing.T, w *playground.World, p *campaign.Process) {
	t.Helper()
	last, since := -1, time.Now()
	until(t, p, "it is quiet", func() bool {
		if n := len(w.GitHub.Writes()); n != last {
			last, since = n, time.Now()
		}
		return time.Since(since) > time.Second
	})
}

// TestALimitIsWaitedFor: GitHub asks to wait, then its answer is lost, and
// Slack is down; what was decided is written once when they are back.
func TestALimitIsWaitedFor(t *testing.T) {
	t.Parallel()
	w := live(t, playground.LiveFile)
	p := serveIn(t, w, t.TempDir())
	w.GitHub.Fail(fakegithub.Fault{Route: "POST /repos/{owner}/{repo}/check-runs", Secondary: true, RetryAfter: time.Second, Times: 1})
	w.GitHub.Fail(fakegithub.Fault{Route: "POST /repos/{owner}/{repo}/check-runs", Lost: true, Times: 1})
	for _, f := range []fakeslack.Fault{{Status: 503, Times: 2}, {Cut: true, Times: 1}, {Lost: true, Times: 1}} {
		f.Method = "chat.postMessage"
		w.Slack.Fail(f)
	}
	n := opened(t, w, p, fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"})
	if err := w.Report("unit", "main", "failure"); err != nil {
		t.Fatal(err)
	}
	until(t, p, "both checks are there", func() bool {
		return count(look(t, w, n).Checks, func(c fakegithub.CheckView) bool { return strings.HasPrefix(c.Name, "roundtrip / ") }) == 2
	})
	until(t, p, "the channel hears that main is red", func() bool { return len(aboutRed(w)) > 0 })
	settled(t, w, p)
	nothingTwiceOn(t, w)
	if told := aboutRed(w); len(told) != 1 {
		t.Errorf("the channel was told %d times: %v", len(told), told)
	}
	if tries := w.Slack.RequestsTo("chat.postMessage"); tries != 4 {
		t.Errorf("Slack was asked %d times, want 4: two refusals, a cut, and one that was done unseen and found", tries)
	}
}

// aboutRed are the messages, not the replies, that say that main broke.
func aboutRed(w *playground.World) (told []string) {
	for _, m := range w.Slack.Messages("shop") {
		if m.ThreadTS == "" && strings.Contains(m.Text, "red") {
			told = append(told, m.Text)
		}
	}
	return told
}
