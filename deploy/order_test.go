package deploy

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// TestAnOrderKnowsHowOldItsRunsMayBe: a take-over is as old as the canary that
// it goes on with; where that was not written down, nobody knows.
func TestAnOrderKnowsHowOldItsRunsMayBe(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	stage := Stage{Name: "production", Environment: "production", Steps: []WeightStep{{Weight: 100}}}
	for name, c := range map[string]struct {
		asking Asking
		want   time.Time
	}{
		"of its own":                {Asking{}, now},
		"a take-over":               {Asking{Over: "a/1", Canary: now.Add(-time.Hour)}, now.Add(-time.Hour)},
		"a take-over from long ago": {Asking{Over: "a/1"}, time.Time{}},
	} {
		c.asking.Stage = stage
		_, r, plan := Begin(Slot{Key: "a"}, c.asking, now)
		if got := r.Order().Since; !got.Equal(c.want) {
			t.Errorf("%s: since %v, want %v", name, got, c.want)
		}
		for _, e := range plan.Effects {
			if start, ok := e.(bot.StartStage); ok && !start.Order.Since.Equal(c.want) {
				t.Errorf("%s: the order says %v", name, start.Order.Since)
			}
		}
	}
}
