package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/store"
)

func TestCheck(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yml")
	if err := os.WriteFile(bad, []byte("version: 1\nstagse: {}\nbatch: {mode: loud}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := runWith(t, nil, "check", bad)
	for _, want := range []string{bad + ":2:1: stagse", "stages", bad + ":3:", "batch.mode"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("stdout lacks %q: %s", want, stdout)
		}
	}
	if status != 1 || !strings.Contains(stderr, "2 mistakes") {
		t.Errorf("%d %s", status, stderr)
	}
	good := filepath.Join(t.TempDir(), "good.yml")
	if err := os.WriteFile(good, []byte(playground.StoryFile), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, stdout, stderr := runWith(t, nil, "check", good); status != 0 || !strings.Contains(stdout, "is good") || !strings.Contains(stdout, "25 %, 50 %") {
		t.Errorf("%d %s %s", status, stdout, stderr)
	}
	for _, args := range [][]string{{"check"}, {"check", "a", "b"}, {"check", "nowhere.yml"}} {
		if status, _, stderr := runWith(t, nil, args...); status != 2 || stderr == "" {
			t.Errorf("%v: %d %s", args, status, stderr)
		}
	}
}

// TestReplay prints the plan for a delivery of a running server, and changes
// nothing.
func TestReplay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := live(t, playground.LiveFile)
	p := serveIn(t, w, dir)
	opened(t, w, p, fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"})
	settled(t, w, p)
	environ := maps.Clone(w.Settings(databaseIn(t, dir)))
	file, before := filepath.Join(dir, "server.yml"), len(w.GitHub.Writes())
	for _, d := range w.GitHub.Deliveries() {
		if d.Event != "pull_request" || d.Action != "opened" {
			continue
		}
		status, stdout, stderr := runWith(t, environ, "replay", "--config", file, d.ID)
		if status != 0 || !strings.Contains(stdout, "roundtrip / batch") || !strings.Contains(stdout, d.ID) {
			t.Errorf("%d %s %s", status, stdout, stderr)
		}
	}
	if status, _, stderr := runWith(t, environ, "replay", "--config", file, "no-such-id"); status != 1 || !strings.Contains(stderr, "Recent deliveries") {
		t.Errorf("%d %s", status, stderr)
	}
	p.Kill()
	forgotten := w.GitHub.Deliveries()[0].ID
	forgetAll(t, dir)
	if status, _, stderr := runWith(t, environ, "replay", "--config", file, forgotten); status != 1 || !strings.Contains(stderr, "more than 30d ago; keep_deliveries") {
		t.Errorf("%d %s", status, stderr)
	}
	if n := len(w.GitHub.Writes()); n != before {
		t.Errorf("a replay wrote %d times", n-before)
	}
}

// forgetAll makes every delivery of a server that is down as if it were old.
func forgetAll(t *testing.T, dir string) {
	t.Helper()
	db, err := store.Open(t.Context(), databaseIn(t, dir), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if n, err := db.Forget(t.Context(), time.Now().Add(time.Hour), 1000); err != nil || n == 0 {
		t.Fatalf("%d were forgotten (%v)", n, err)
	}
}
