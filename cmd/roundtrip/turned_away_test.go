package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// TestWhatWasTurnedAwayIsFetched: a delivery that found no room was answered 503,
// which GitHub does not send again; within the hour it is fetched and heard, and
// at once where this process asks for it.
func TestWhatWasTurnedAwayIsFetched(t *testing.T) {
	t.Parallel()
	for name, soon := range map[string]bool{"within the hour": false, "soon": true} {
		t.Run(name, func(t *testing.T) { t.Parallel(); turnedAwayAndFetched(t, soon) })
	}
}

func turnedAwayAndFetched(t *testing.T, soon bool) {
	t.Helper()
	h, within := newHour(t, 1), time.Hour
	h.settle(false)
	h.w.SetBot(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	n := must[int](t)(h.w.OpenChange(fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"}, playground.Size{Added: 5}))
	h.settle(false)
	turned := count(h.w.GitHub.Deliveries(), func(d fakegithub.DeliveryView) bool { return d.State == fakegithub.Failed })
	h.w.SetBot(h.app.public)
	h.pass(time.Minute, 10*time.Second, false)
	if ours := ourChecks(look(t, h.w, n)); turned == 0 || len(ours) > 0 {
		t.Fatalf("%d were turned away, and there are %v: the test proves nothing", turned, ours)
	}
	if soon {
		within = time.Minute
		if err := h.app.askForRefused(t.Context(), 1, h.app.hear); err != nil {
			t.Fatal(err)
		}
	}
	h.pass(within, time.Minute, false)
	if ours := ourChecks(look(t, h.w, n)); len(ours) != 2 {
		t.Errorf("after %v there are the checks %v", within, ours)
	}
}

func ourChecks(c fakegithub.ChangeView) (names []string) {
	for _, k := range c.Checks {
		if strings.HasPrefix(k.Name, "roundtrip / ") {
			names = append(names, k.Name)
		}
	}
	return names
}
