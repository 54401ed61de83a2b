// Package metricstest is what any source of metrics must do. Each kind runs
// Exercise against a world of its own.
package metricstest

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/metrics"
)

// Of a World.
type (
	// Arm is a side of the comparison.
	Arm string
	// World is production: one instance of the canary and two of the stable
	// version, each with counters of good and of bad requests. At first all
	// are at what Begun says.
	World interface {
		Query() bot.Query                           // of both arms; without times and cursor
		Serve(arm Arm, instance int, good, bad int) // so many more requests
		Restart(arm Arm, instance int)              // its counters begin at 0 again
		Say(arm Arm, instance int, value float64)   // its counter of good requests says this, until it serves
		Forget(arm Arm, instance int, absent bool)  // it has no such metric
		Rename(arm Arm, instance int)               // its series get another label, and begin at 0
		Down(arm Arm, instance int, down bool)      // it does not answer
	}
)

// Arms.
const (
	Canary Arm = "canary"
	Stable Arm = "stable"
)

// Begun is what every counter says at first: a long past that is no evidence.
const Begun = 1000

// bench is a source under test, asked as a rollout asks.
type bench struct {
	*testing.T
	metrics.Source
	World
	from, now time.Time
	cursor    json.RawMessage
}

// Exercise runs every test in a new world each.
func Exercise(t *testing.T, open func(t *testing.T) (metrics.Source, World)) {
	for _, tc := range []struct {
		name string
		test func(*bench)
	}{
		{"the first look is where counting begins", first},
		{"a healthy canary is counted exactly", healthy},
		{"three times the errors are three times the errors", worse},
		{"nothing happened is no trouble and no evidence", idle},
		{"a counter that begins again has lost nothing that we know", reset},
		{"an instance without the metric makes its arm missing", absent},
		{"what is no count is missing", noCount},
		{"down and back: what happened meanwhile is counted", downAndBack},
		{"both arms down is missing, not nothing", bothDown},
		{"one of two instances is not the arm", halfDown},
		{"new series of a known instance are new events", churn},
		{"down at the first look: counting begins when both are there", lateBegin},
		{"the same question again has the same answer", again},
		{"what cannot be counted is refused for good", refused},
		{"who is told to stop, stops", cancelled},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, w := open(t)
			at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
			tc.test(&bench{T: t, Source: s, World: w, from: at, now: at})
		})
	}
}

// ask asks for the time since the last look, and changes nothing.
func (b *bench) ask() bot.Window {
	b.Helper()
	q := b.Query()
	q.From, q.To, q.Cursor = b.from, b.now, b.cursor
	windows, err := b.Windows(b.Context(), q)
	if err != nil || len(windows) == 0 {
		b.Fatalf("%d windows, %v", len(windows), err)
	}
	return windows[len(windows)-1]
}

// look asks after a minute and keeps the cursor, as a rollout does.
func (b *bench) look() bot.Window {
	b.Helper()
	b.now = b.now.Add(time.Minute)
	w := b.ask()
	if !w.To.Equal(b.now) {
		b.Errorf("the window ends %v, want %v", w.To, b.now)
	}
	b.from = w.To
	if len(w.Cursor) > 0 {
		b.cursor = w.Cursor
	}
	return w
}

// begin is a first look that both arms answer.
func (b *bench) begin() {
	b.Helper()
	b.counts(0, 0, 0, 0, b.look())
}

// counts expects exact counts in a window that is not missing.
func (b *bench) counts(canaryBad, canaryTotal, stableBad, stableTotal float64, got bot.Window) {
	b.Helper()
	want := [4]float64{canaryBad, canaryTotal, stableBad, stableTotal}
	if have := [4]float64{got.CanaryBad, got.CanaryTotal, got.StableBad, got.StableTotal}; have != want || got.Missing != "" {
		b.Errorf("counted %v (canary bad, total; stable bad, total), missing %q; want %v", have, got.Missing, want)
	}
}

// missing expects a window that is no evidence, and that nothing is lost.
func (b *bench) missing(got bot.Window) {
	b.Helper()
	if got.Missing == "" || got.CanaryTotal != 0 || got.StableTotal != 0 || got.CanaryBad != 0 || got.StableBad != 0 {
		b.Errorf("%+v, want a missing window", got)
	}
	if string(got.Cursor) != string(b.cursor) {
		b.Errorf("the cursor is %s, want the one it was asked with: %s", got.Cursor, b.cursor)
	}
}

// serveAll lets some time pass for everybody: the canary 100 requests of which
// bad failed, the stable instances 1,000 and 900, of which 10 and 9 failed.
func (b *bench) serveAll(bad int) {
	b.Serve(Canary, 0, 100-bad, bad)
	b.Serve(Stable, 0, 990, 10)
	b.Serve(Stable, 1, 891, 9)
}

func first(b *bench) {
	w := b.look()
	b.counts(0, 0, 0, 0, w)
	if len(w.Cursor) == 0 {
		b.Error("there is no cursor to go on from")
	}
}

func healthy(b *bench) {
	b.begin()
	for range 3 {
		b.serveAll(1)
		before := b.from
		w := b.look()
		b.counts(1, 100, 19, 1900, w)
		if !w.From.Equal(before) {
			b.Errorf("the window begins %v, want %v", w.From, before)
		}
	}
}

func worse(b *bench) {
	b.begin()
	b.serveAll(3)
	b.counts(3, 100, 19, 1900, b.look())
}

func idle(b *bench) {
	b.begin()
	b.counts(0, 0, 0, 0, b.look())
	b.serveAll(1)
	b.counts(1, 100, 19, 1900, b.look())
}

func reset(b *bench) {
	b.begin()
	b.Restart(Canary, 0)
	b.Restart(Stable, 1)
	b.serveAll(2)
	b.counts(2, 100, 19, 1900, b.look())
	b.serveAll(1)
	b.counts(1, 100, 19, 1900, b.look())
}

func absent(b *bench) {
	b.begin()
	for _, arm := range []Arm{Canary, Stable} {
		b.Forget(arm, 0, true)
		b.serveAll(1)
		b.missing(b.look())
		b.Forget(arm, 0, false)
		b.serveAll(1)
		b.counts(2, 200, 38, 3800, b.look())
	}
}

func noCount(b *bench) {
	b.begin()
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1} {
		for _, arm := range []Arm{Canary, Stable} {
			b.Say(arm, 0, v)
			b.missing(b.look())
			b.serveAll(1)
			b.counts(1, 100, 19, 1900, b.look())
		}
	}
}

func downAndBack(b *bench) {
	b.begin()
	since := b.from
	b.Down(Canary, 0, true)
	for range 3 {
		b.serveAll(1)
		b.missing(b.look())
	}
	b.Down(Canary, 0, false)
	w := b.look()
	b.counts(3, 300, 57, 5700, w)
	if !w.From.Equal(since) {
		b.Errorf("the window begins %v, want %v", w.From, since)
	}
}

func bothDown(b *bench) {
	b.begin()
	b.Down(Canary, 0, true)
	b.Down(Stable, 0, true)
	b.Down(Stable, 1, true)
	b.missing(b.look())
}

func halfDown(b *bench) {
	b.begin()
	b.serveAll(1)
	b.Down(Stable, 1, true)
	b.missing(b.look())
	b.Down(Stable, 1, false)
	b.counts(1, 100, 19, 1900, b.look())
}

func churn(b *bench) {
	b.begin()
	for range 3 {
		b.Rename(Canary, 0)
		b.Rename(Stable, 1)
		b.serveAll(1)
		b.counts(1, 100, 19, 1900, b.look())
	}
}

func lateBegin(b *bench) {
	b.Down(Canary, 0, true)
	b.missing(b.look())
	b.Down(Canary, 0, false)
	b.serveAll(1)
	b.begin()
	b.serveAll(1)
	b.counts(1, 100, 19, 1900, b.look())
}

// again: a look whose result could not be saved is made once more.
func again(b *bench) {
	b.begin()
	b.serveAll(1)
	b.now = b.now.Add(time.Minute)
	for range 2 {
		b.counts(1, 100, 19, 1900, b.ask())
	}
}

func refused(b *bench) {
	for _, expr := range []string{"", "no such expression", `x{a=~"("}`} {
		q := b.Query()
		q.From, q.To, q.Ratio.CanaryBad = b.from, b.now, expr
		if _, err := b.Windows(b.Context(), q); !errors.As(err, &bot.Permanent{}) {
			b.Errorf("%q: %v, want a permanent error", expr, err)
		}
	}
}

func cancelled(b *bench) {
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	q := b.Query()
	q.From, q.To = b.from, b.now
	if _, err := b.Windows(ctx, q); !errors.Is(err, context.Canceled) || errors.As(err, &bot.Permanent{}) {
		b.Errorf("%v, want an error that is tried again", err)
	}
}
