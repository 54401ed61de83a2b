package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// More than a batch is forgotten, what is younger than Keep is not, and a
// repeat of what was forgotten is known.
func TestWhatIsLongOverIsForgotten(t *testing.T) {
	w := newLongWorld(t, "check", false)
	w.plan = func(bot.JudgeDue) (bot.Plan, error) { return bot.Plan{}, nil }
	const many = 501
	for i := range many {
		w.hear(fmt.Sprintf("old%d", i), "3 old")
		if i%300 == 0 {
			w.work()
		}
	}
	w.work()
	w.clock.Pass(keep - time.Hour)
	w.hear("young", "3 young")
	w.work()
	w.clock.Pass(2 * time.Hour)
	n, err := w.engine.Tidy(t.Context())
	if err != nil || n != many {
		t.Errorf("%d were forgotten, want %d (%v)", n, many, err)
	}
	l, ok, err := w.store.Letter(t.Context(), "young")
	if err != nil || !ok || string(l.Body) != "3 young" {
		t.Errorf("%q (%v)", l.Body, err)
	}
	w.hear("old0", "3 again")
	w.work()
	w.expect("handled", len(w.seen), many+1)
}
