package metrics_test

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics/metricstest"
)

// TestAnArmThatWasNotCollectedYet: Prometheus collects the arms one after the
// other, and a look may come in between. What one arm counted is then not set
// against nothing of the other; the next look has all of it.
func TestAnArmThatWasNotCollectedYet(t *testing.T) {
	s := startPrometheus(t, "global: {}\n", "--web.enable-remote-write-receiver")
	w := newCollected(t, s, "shop")
	q := w.Query()
	q.To = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	look := func() bot.Window {
		t.Helper()
		q.From, q.To = q.To, q.To.Add(time.Minute)
		windows, err := w.Windows(t.Context(), q)
		if err != nil || len(windows) != 1 || windows[0].Missing != "" {
			t.Fatalf("%+v %v", windows, err)
		}
		q.Cursor = windows[0].Cursor
		return windows[0]
	}
	begun := look()
	w.Serve(metricstest.Canary, 0, 40, 2)
	w.Serve(metricstest.Stable, 0, 300, 9)
	w.only = metricstest.Stable
	if got := look(); got.StableTotal != 0 || got.CanaryTotal != 0 || !got.From.Equal(got.To) {
		t.Errorf("half of what happened was counted: %+v", got)
	}
	w.Serve(metricstest.Stable, 1, 100, 1)
	w.only = ""
	got := look()
	if got.CanaryTotal != 42 || got.CanaryBad != 2 || got.StableTotal != 410 || got.StableBad != 10 {
		t.Errorf("something is lost, or counted twice: %+v", got)
	}
	if !got.From.Equal(begun.To) {
		t.Errorf("it counts from %v, want %v", got.From, begun.To)
	}
}
