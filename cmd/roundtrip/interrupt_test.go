package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// TestAnInterruptedStartIsNoError presses Ctrl-C at twenty moments of a start,
// most of them while the database is made: it ends as it would later on, with
// no word of an error, and the next start finds nothing in its way.
func TestAnInterruptedStartIsNoError(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	play := []string{"playground", "--addr", "127.0.0.1:0", "--no-open"}
	whole := interrupted(t, -1, "open at", play, nil)
	for i := range 20 {
		interrupted(t, whole*time.Duration(i)/20, "", play, nil)
	}
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) > 0 {
		t.Errorf("the playground left %v behind", left)
	}

	w := must[*playground.World](t)(playground.New(t.Context(), playground.Options{}))
	defer w.Close()
	if err := w.Found(playground.LiveFile); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "server.yml")
	if err := os.WriteFile(file, w.File(), 0o600); err != nil {
		t.Fatal(err)
	}
	serve := []string{"serve", "--config", file}
	whole = interrupted(t, -1, "is up", serve, environ(w.Settings(databaseIn(t, t.TempDir()))))
	half := t.TempDir()
	for i := range 20 {
		dir := half // what one start began the next one finds
		if i%2 == 0 {
			dir = t.TempDir()
		}
		interrupted(t, whole*time.Duration(i)/20, "", serve, environ(w.Settings(databaseIn(t, dir))))
	}
	interrupted(t, -1, "is up", serve, environ(w.Settings(databaseIn(t, half))))
}

// interrupted runs a command and cancels it after a while, or as soon as it
// has said what it says when it is up. It answers how long it ran.
func interrupted(t *testing.T, after time.Duration, up string, args, environ []string) time.Duration {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := func() { cancel(errors.New("interrupt signal received")) } // as signal.NotifyContext words it
	said := &listener{up: up, heard: stop}
	if after >= 0 {
		time.AfterFunc(after, stop)
	}
	began := time.Now()
	if status := run(ctx, args, environ, said, said); status != 0 || strings.Contains(said.text(), "roundtrip: ") {
		t.Errorf("%s interrupted after %v ended with status %d:\n%s", args[0], after, status, said.text())
	}
	return time.Since(began)
}

func environ(settings map[string]string) (list []string) {
	for k, v := range settings {
		list = append(list, k+"="+v)
	}
	return list
}

// listener is an output that calls heard when it is told something.
type listener struct {
	up    string
	heard func()
	mu    sync.Mutex
	said  strings.Builder
}

func (l *listener) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.up != "" && strings.Contains(string(p), l.up) {
		l.heard()
	}
	return l.said.Write(p)
}

func (l *listener) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.said.String()
}
