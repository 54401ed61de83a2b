package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
)

// TestABrokenLineToPostgreSQL: the line to the database is broken while a
// command is carried out. /readyz says so, webhooks are not acknowledged, and
// when the line is whole again, all comes to its end, nothing twice.
func TestABrokenLineToPostgreSQL(t *testing.T) {
	table := string(must[[]byte](t)(os.ReadFile("../../docs/reliability.md")))
	for _, fault := range []string{cut, slow, halfOpen, reset, noName} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel() // half of it is waiting
			if !strings.Contains(table, "| PostgreSQL | "+fault+" | ") {
				t.Error("docs/reliability.md does not say what happens")
			}
			u := must[*url.URL](t)(url.Parse(pgtest.URL(t)))
			l, door := lineTo(t, u.Host)
			u.Host = door
			if fault == noName { // the driver keeps the resolver that was there when it was opened
				u.Host = peerName + ":" + u.Port()
				usual := net.DefaultResolver
				net.DefaultResolver = namesOf(l)
				t.Cleanup(func() { net.DefaultResolver = usual })
			}
			h := newHour(t, 1)
			h.leave()
			h.app = must[*app](t)(openFor(t.Context(), h.w, u.String(), around{clock: h.w.Now, owner: "hour"}))
			if err := h.app.takeUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.w.SetBot(h.app.public)
			h.w.SetBooks(h.app.store)
			h.settle(false)
			n := must[int](t)(h.w.OpenChange(fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"}, playground.Size{Added: 5}))
			for _, check := range []string{"build", "unit"} {
				if err := h.w.Report(check, "#1", "success"); err != nil {
					t.Fatal(err)
				}
			}
			h.pass(time.Minute, 10*time.Second, false)
			h.say(n, "/deploy staging")
			must[int](t)(h.w.GitHub.Deliver(t.Context())) // it is on disk
			l.is.Store(fault)
			for range 3 {
				h.awry()
			}
			h.say(n, "/status") // nobody takes it, and GitHub keeps it
			if code := h.ready(); code != http.StatusServiceUnavailable {
				t.Errorf("while the line is %s /readyz says %d", fault, code)
			}
			hurried, cancel := context.WithTimeout(t.Context(), 4*impatience)
			_, _ = h.w.GitHub.Deliver(hurried)
			cancel()
			l.is.Store(whole)
			h.w.Advance(h.clock.Now().Add(time.Minute))
			for range 5 { // connections that broke are found out one by one
				h.awry()
			}
			if code := h.ready(); code != http.StatusOK {
				t.Errorf("afterwards /readyz says %d", code)
			}
			h.pass(65*time.Minute, 5*time.Minute, false) // what was lost is asked for hourly
			if broken, quiet := h.holds(); len(broken) > 0 || !quiet {
				t.Errorf("afterwards (at rest: %v; %s): %v", quiet, h.unrest(), broken)
			}
			if said := h.read(); !strings.Contains(said, "Live in staging") || l.bent.Load() == 0 {
				t.Errorf("after %d broken answers people read\n%s", l.bent.Load(), said)
			}
		})
	}
}

// awry steps, for no longer than a moment.
func (h *hour) awry() {
	ctx, cancel := context.WithTimeout(h.t.Context(), 2*impatience)
	defer cancel()
	_, _ = h.app.engine.Step(ctx) // what fails is tried again
}

// ready asks /readyz, and waits no longer than a moment.
func (h *hour) ready() int {
	ctx, cancel := context.WithTimeout(h.t.Context(), 2*impatience)
	defer cancel()
	rec := httptest.NewRecorder()
	h.app.public.ServeHTTP(rec, httptest.NewRequestWithContext(ctx, http.MethodGet, "/readyz", nil))
	return rec.Code
}
