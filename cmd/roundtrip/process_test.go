package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
)

// databaseIn is where the bot of a folder has its database: in a file there, or
// with ROUNDTRIP_TEST_ON=postgres in PostgreSQL.
func databaseIn(t *testing.T, dir string) string {
	t.Helper()
	return pgtest.At(t, filepath.Join(dir, "roundtrip.db"))
}

// serveIn starts serve against a world and waits until it listens; the
// world's hooks go to it from then on.
func serveIn(t *testing.T, w *playground.World, dir string) *campaign.Process {
	t.Helper()
	return serveBy(t, w, dir, nil)
}

// serveBy is serveIn with another file of settings than the world's.
func serveBy(t *testing.T, w *playground.World, dir string, settings []byte) *campaign.Process {
	t.Helper()
	how := starts(t, w, dir)
	how.Settings = settings
	p := must[*campaign.Process](t)(how.Start())
	t.Cleanup(p.Kill)
	w.SetBot(p.Hooks)
	w.GitHub.HoldHooks(false)
	return p
}

// starts says how this test binary is run as serve in a world.
func starts(t *testing.T, w *playground.World, dir string) campaign.Serve {
	t.Helper()
	return campaign.Serve{Program: os.Args[0], Env: []string{asMain + "=1"}, World: w, Database: databaseIn(t, dir), Dir: dir}
}

// live is a world in real time with its visitors.
func live(t *testing.T, file string) *playground.World {
	t.Helper()
	w, end, err := campaign.World(t.Context(), file, crashVisitors, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	tellOnFailure(t, w)
	return w
}

// patience is how long a test waits for what must come; it is no claim about
// speed. The race detector makes SQLite ten times slower, and a machine may
// have other things to do.
const patience = 6 * time.Minute

// until waits for something to become true.
func until(t *testing.T, p *campaign.Process, what string, is func() bool) {
	t.Helper()
	begun := time.Now()
	told := begun
	for time.Since(begun) < patience {
		if is() {
			return
		}
		if time.Since(told) > time.Minute { // go test's own end would not say what was waited for
			told = time.Now()
			fmt.Fprintf(os.Stderr, "%s: for %s it has not come to this: %s\n", t.Name(), time.Since(begun).Round(time.Second), what)
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("it never came to this: %s\n%s", what, p.Said())
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// tellOnFailure shows what people would have seen, when a test fails.
func tellOnFailure(t *testing.T, w *playground.World) {
	t.Cleanup(func() {
		if !t.Failed() {
			return
		}
		for _, c := range w.GitHub.Changes(playground.Repo) {
			for _, m := range c.Comments {
				t.Logf("#%d %s: %s", c.Number, m.Author, m.Body)
			}
		}
		for _, d := range w.GitHub.Deployments(playground.Repo) {
			t.Logf("deployment of %s to %s: %v", d.SHA[:7], d.Environment, d.Statuses)
		}
		t.Logf("visitors: %+v", w.Load.Sums())
	})
}
