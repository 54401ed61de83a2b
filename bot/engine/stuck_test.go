package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// hearStuck writes down what is told of deliveries that are stuck. It fails
// itself when the fault is called "all".
func (w *world) hearStuck(_ context.Context, d bot.Delivery[bot.DeliveryStuck]) (bot.Plan, error) {
	e := d.Event
	what := "waits"
	if e.GivenUp {
		what = "is given up"
	}
	w.seen = append(w.seen, fmt.Sprintf("%s %s after %d tries, %q", e.Delivery, what, e.Tries, e.Who))
	event, err := bot.DecodeEvent(e.Kind, e.Event)
	if err != nil {
		return bot.Plan{}, err
	}
	if event.(bot.JudgeDue).Why == "all" {
		return bot.Plan{}, errors.New("nothing works")
	}
	return bot.Plan{}, nil
}

// told is what was heard of deliveries that are stuck.
func (w *world) told() (lines []string) {
	for _, s := range w.seen {
		if strings.Contains(s, "tries") {
			lines = append(lines, s)
		}
	}
	return lines
}

func (w *world) fails(err error) {
	w.plan = func(bot.JudgeDue) (bot.Plan, error) { return bot.Plan{}, err }
}

// pass lets time go by, from each thing that is due to the next.
func (w *world) pass(d time.Duration) {
	w.Helper()
	for end := w.clock.At.Add(d); ; {
		w.work()
		due, ok, err := w.engine.Due(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		if !ok || due.After(end) {
			w.clock.At = end
			return
		}
		w.clock.At = due
	}
}

func TestWhatWaitsLongAndWhatIsGivenUpIsTold(t *testing.T) {
	w := newLongWorld(t, "check", false)
	w.fails(fmt.Errorf("look: %w", bot.Away{Who: "GitHub", Err: errors.New("502")}))
	w.hear("d1", "3 a")
	w.pass(14 * time.Second)
	w.expect("told at first", len(w.told()), 0)
	w.pass(2 * time.Second)
	w.expect("told", w.told(), `[d1 waits after 5 tries, "GitHub"]`)
	for range 40 {
		w.clock.Pass(10 * time.Minute)
		w.work()
	}
	w.expect("told", w.told(), `[d1 waits after 5 tries, "GitHub" d1 is given up after 20 tries, "GitHub"]`)
}

func TestTheLastTryIsWhenItWasSaidToBe(t *testing.T) {
	w := newLongWorld(t, "check", false)
	w.fails(errors.New("502"))
	w.hear("d1", "3 a")
	w.pass(16 * time.Second)
	l, ok, err := w.store.Letter(t.Context(), "stuck/d1")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	e, err := bot.DecodeEvent(l.Kind, l.Event)
	if err != nil {
		t.Fatal(err)
	}
	until := e.(bot.DeliveryStuck).Until
	w.pass(until.Sub(w.clock.At) - 5*time.Second)
	w.expect("told before", len(w.told()), 1)
	w.pass(10 * time.Second)
	w.expect("told", w.told(), `[d1 waits after 5 tries, "" d1 is given up after 20 tries, ""]`)
}

func TestAWaitThatWasAskedForIsToldAtOnce(t *testing.T) {
	w := newWorld(t, "check", false)
	w.fails(bot.RetryAfter{After: 5 * time.Minute, Err: bot.Away{Who: "GitHub", Err: errors.New("429")}})
	w.hear("d1", "3 a")
	w.work()
	w.expect("told", w.told(), `[d1 waits after 1 tries, "GitHub"]`)
	l, _, err := w.store.Letter(t.Context(), "stuck/d1")
	if err != nil {
		t.Fatal(err)
	}
	e, err := bot.DecodeEvent(l.Kind, l.Event)
	if err != nil {
		t.Fatal(err)
	}
	w.expect("asked to wait until", e.(bot.DeliveryStuck).Asked, w.clock.At.Add(5*time.Minute))
}

func TestWhatCannotBeToldIsNotToldOf(t *testing.T) {
	w := newLongWorld(t, "check", false)
	w.fails(bot.Permanent{Err: errors.New("no")})
	w.hear("d1", "3 all")
	for range 60 {
		w.clock.Pass(10 * time.Minute)
		w.work()
	}
	l, ok, err := w.store.Letter(t.Context(), "given-up/d1")
	if err != nil || !ok || l.State != bot.LetterFailed || l.Attempts != 20 {
		t.Errorf("found %v (%v): %s after %d tries", ok, err, l.State, l.Attempts)
	}
	if _, ok, _ := w.store.Letter(t.Context(), "given-up/given-up/d1"); ok {
		t.Error("there is no end of it")
	}
}

// Of two effects, the one whose peer does not answer is kept for longer than
// the one that goes wrong.
func TestWhatIsOwedIsKeptWhileNobodyAnswers(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		done int
	}{
		"away":  {bot.Away{Who: "GitHub", Err: errors.New("502")}, 1},
		"wrong": {errors.New("what?"), 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newLongWorld(t, "check", false)
			w.does(check)
			w.peer.fail = func(bot.Job) error { return tc.err }
			w.hear("d1", "3 a")
			w.pass(48 * time.Hour)
			w.peer.fail = nil
			w.pass(15 * time.Minute)
			w.expect("writes", w.peer.done[check.Key()], tc.done)
		})
	}
}

func TestWhatIsOwedIsGivenUpAtLast(t *testing.T) {
	w := newLongWorld(t, "check", false)
	w.does(check)
	w.peer.fail = func(bot.Job) error { return bot.Away{Who: "GitHub", Err: errors.New("502")} }
	w.hear("d1", "3 a")
	w.pass(96 * time.Hour)
	tasks, err := w.store.Tasks(t.Context(), bot.TaskFailed, 10)
	if err != nil || len(tasks) != 1 || tasks[0].Attempts != 300 {
		t.Errorf("%+v (%v)", tasks, err)
	}
}
