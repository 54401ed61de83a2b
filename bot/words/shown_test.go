package words_test

import (
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// Nothing is claimed that was not shown: that it is no worse only where all of
// the interval lies below the floor.
func TestNoMoreIsClaimedThanShown(t *testing.T) {
	for _, c := range []struct {
		low, high       float64
		shown, evidence string
	}{
		{0.9, 1.1, "no worse", "production found nothing worse while it was in canary"},
		{0.2, 0.5, "no worse", "production found nothing worse while it was in canary"},
		{0.7, 1.5, "below ×2", "while it was in canary, production showed against what ran before: `errors` below ×2"},
		{1.1, 1.5, "below ×2", "while it was in canary, production showed against what ran before: `errors` below ×2"},
		{1.2, 1.6, "a little worse, below ×2", "while it was in canary, production showed against what ran before: `errors` a little worse, below ×2"},
		{0, 0, "below ×2", "while it was in canary, production showed against what ran before: `errors` below ×2"}, // stable had none: no upper limit is known
		{1.3, 0, "a little worse, below ×2", "while it was in canary, production showed against what ran before: `errors` a little worse, below ×2"},
	} {
		m := errors("pass", "", 12, 1, c.low, c.high)
		if got := m.Shown(); got != c.shown {
			t.Errorf("(%v to %v) is called %q, want %q", c.low, c.high, got, c.shown)
		}
		observed := errors("", "", 60, 5, 3, 7) // decides nothing, and nothing is said of it
		if got := words.Evidence("canary", []words.Metric{m, observed}); got != c.evidence {
			t.Errorf("(%v to %v): %q, want %q", c.low, c.high, got, c.evidence)
		}
	}
	probe := words.Metric{Name: "home", Outcome: "pass", Allow: 0.01, Limit: 0.04}
	if probe.Shown() != "answers" || words.Evidence("canary", []words.Metric{probe}) != "production found nothing worse while it was in canary" {
		t.Errorf("a probe %s", probe.Shown())
	}
}
