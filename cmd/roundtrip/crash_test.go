package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/store"
)

// crashes is how often serve is killed, at moments that the seed decides.
const (
	crashes   = 20
	crashSeed = 7
)

// TestKilledWhileDeliveriesFlow kills serve with SIGKILL while people open
// changes, push, and deploy, and starts it again each time. Nothing that was
// accepted is lost, and no order is done twice.
func TestKilledWhileDeliveriesFlow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := live(t, playground.LiveFile)
	p := serveIn(t, w, dir)
	chance := rand.New(rand.NewPCG(crashSeed, crashSeed))
	ctx, enough := context.WithCancel(t.Context())
	var people sync.WaitGroup
	people.Go(func() { busy(ctx, t, w) })
	for i := range crashes {
		time.Sleep(time.Duration(20+chance.IntN(300)) * time.Millisecond)
		p.kill()
		t.Logf("killed %d times; %d deliveries so far", i+1, len(w.GitHub.Deliveries()))
		p = serveIn(t, w, dir)
	}
	enough()
	people.Wait()
	calm(t, w, p, dir)
	p.kill()
	nothingLost(t, w, dir)
	nothingTwice(t, w)
}

// busy is a team at work: each change is opened, checked, pushed to and
// deployed to staging.
func busy(ctx context.Context, t *testing.T, w *playground.World) {
	for i := 1; ctx.Err() == nil && i <= 400; i++ {
		n, err := w.OpenChange(fakegithub.NewChange{Author: "alice", Title: fmt.Sprintf("Change number %d", i)}, playground.Size{Added: 3 + i})
		if err != nil {
			t.Error(err)
			return
		}
		for _, check := range []string{"build", "unit"} {
			_ = w.Report(check, fmt.Sprintf("#%d", n), "success")
		}
		if i%5 == 1 {
			head := must[fakegithub.ChangeView](t)(w.GitHub.Change(playground.Repo, n)).Head
			w.Prod.LoseAnswers(1) // the failure that makes one order twice
			_, _ = w.GitHub.Comment(playground.Repo, n, "alice", "/deploy staging @"+head)
		}
		if i%3 == 0 {
			_, _ = w.GitHub.Comment(playground.Repo, n, "bob", "/status")
		}
		pause := time.After(200 * time.Millisecond)
		select {
		case <-ctx.Done():
		case <-pause:
		}
	}
}

// calm waits until nothing is left to do: the last effect told GitHub, and
// what GitHub then told us was heard and worked on, too.
func calm(t *testing.T, w *playground.World, p *process, dir string) {
	t.Helper()
	until(t, p, "every delivery is answered, and nothing is open in the boxes", func() bool {
		told := len(w.GitHub.Deliveries())
		return answered(t, w) && quiet(t, dir) && answered(t, w) && told == len(w.GitHub.Deliveries())
	})
}

// answered reports whether every delivery is. What was not accepted while
// serve was down is delivered again, as its owner would press.
func answered(t *testing.T, w *playground.World) bool {
	t.Helper()
	open := 0
	for _, d := range w.GitHub.Deliveries() {
		switch d.State {
		case fakegithub.Failed:
			_ = w.GitHub.Redeliver(t.Context(), d.ID)
			open++
		case fakegithub.Waiting, fakegithub.Sending:
			open++
		}
	}
	return open == 0
}

// quiet reports whether the boxes are empty, and nothing is due soon.
func quiet(t *testing.T, dir string) bool {
	t.Helper()
	db := must[*store.Store](t)(store.OpenReader(t.Context(), databaseIn(t, dir)))
	defer db.Close()
	inbox, outbox, err := db.Count(t.Context())
	rest, _, derr := db.NextDue(t.Context())
	empty := outbox["waiting"]+outbox["performing"]+inbox["new"]+inbox["handling"] == 0
	return err == nil && derr == nil && empty && (rest.IsZero() || rest.After(time.Now().Add(5*time.Second)))
}

// nothingLost: what was accepted was worked on, and each effect is there.
func nothingLost(t *testing.T, w *playground.World, dir string) {
	t.Helper()
	db := must[*store.Store](t)(store.OpenReader(t.Context(), databaseIn(t, dir)))
	defer db.Close()
	for _, d := range w.GitHub.Deliveries() {
		l, ok, err := db.Letter(t.Context(), "github/"+d.ID)
		if err != nil || !ok || l.State != bot.LetterDone && l.State != bot.LetterIgnored {
			t.Errorf("delivery %s %s.%s is %q (found %v, %v)", d.ID, d.Event, d.Action, l.State, ok, err)
		}
	}
	if err := db.VerifyLedger(t.Context()); err != nil {
		t.Error(err)
	}
	_, outbox, err := db.Count(t.Context())
	if err != nil || outbox["failed"]+outbox["doubtful"] > 0 {
		t.Errorf("effects that did not succeed: %v (%v)", outbox, err)
	}
}

// nothingTwice: one check of each name on each head, one answer to each
// command, one start of each order, one deployment of each rollout. Nobody in
// these tests asks for a commit in an environment twice.
func nothingTwice(t *testing.T, w *playground.World) {
	t.Helper()
	nothingTwiceOn(t, w)
	began := 0
	for _, wrong := range startedTwice(w.Prod.Calls(), &began) {
		t.Error(wrong)
	}
	if began == 0 {
		t.Error("nothing was deployed: the test proves nothing")
	}
}

// nothingTwiceOn GitHub.
func nothingTwiceOn(t *testing.T, w *playground.World) {
	t.Helper()
	created := map[string]int{}
	for _, write := range w.GitHub.Writes() {
		if strings.HasSuffix(write.Route, "/check-runs") || strings.HasSuffix(write.Route, "/deployments") {
			created[write.Route+" "+string(write.Body)]++
		}
	}
	for what, n := range created {
		if n > 1 {
			t.Errorf("%d times: %s", n, what)
		}
	}
	for _, c := range w.GitHub.Changes(playground.Repo) {
		if n := count(c.Checks, func(c fakegithub.CheckView) bool { return c.Name == "roundtrip / batch" }); n != 1 {
			t.Errorf("#%d has %d batch checks", c.Number, n)
		}
		bodies := map[string]int{}
		for _, m := range c.Comments {
			bodies[m.Body]++
			if bodies[m.Body] > 1 && m.Author == w.GitHub.BotLogin() {
				t.Errorf("#%d was answered twice: %s", c.Number, m.Body)
			}
		}
	}
}

func count[T any](list []T, is func(T) bool) int {
	return len(slices.DeleteFunc(slices.Clone(list), func(v T) bool { return !is(v) }))
}
