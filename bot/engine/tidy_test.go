package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
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

// astray is a store in which lines stood still.
type astray struct {
	engine.Store
	lines int
	err   error
}

func (s *astray) LineUp(context.Context) (n int, err error) {
	n, s.lines = s.lines, 0
	return n, s.err
}

// Lines that cannot be looked at keep nobody from forgetting.
func TestWhatIsLongOverIsForgottenInAnyCase(t *testing.T) {
	w := newLongWorld(t, "check", false)
	w.plan = func(bot.JudgeDue) (bot.Plan, error) { return bot.Plan{}, nil }
	w.hear("old", "3 old")
	w.work()
	w.clock.Pass(keep + time.Hour)
	w.options.Store = &astray{Store: w.leases, err: errGone}
	n, err := engine.New(w.options).Tidy(t.Context())
	if n != 1 || !errors.Is(err, errGone) {
		t.Errorf("%d were forgotten (%v)", n, err)
	}
}

// Lines that stood still go on, also where nothing is forgotten, and the log says
// so once.
func TestLinesThatStoodStillGoOn(t *testing.T) {
	var log bytes.Buffer
	e := engine.New(engine.Options{Store: &astray{lines: 3}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	for range 2 {
		if _, err := e.Tidy(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if strings.Count(log.String(), "lines=3") != 1 || strings.Count(log.String(), "\n") != 1 {
		t.Errorf("the log says %q", &log)
	}
}
