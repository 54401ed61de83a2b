package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// ring is a timer of the subject that hear gives the letters of a number.
func ring(id string, number int, at time.Time) bot.Plan {
	event := bot.JudgeDue{Ref: bot.ChangeRef{Repo: repo, Number: number}, Why: id}
	return bot.Plan{Timers: []bot.Timer{{ID: id, At: at, Event: event}}}
}

// next checks when there is something to do; the zero moment is never.
func (b *bench) next(what string, want time.Time) {
	b.Helper()
	got, ok, err := b.NextDue(b.Context())
	b.must(err)
	if ok == want.IsZero() || !got.Equal(want) {
		b.Errorf("%s: next due is %v (%v), want %v", what, got, ok, want)
	}
}

// lineWaits: who stands behind one that is tried again waits as long, whoever
// came meanwhile and whatever rang.
func lineWaits(t *testing.T, b *bench) {
	b.hear("a1", 1)
	b.hear("a2", 1)
	b.hear("b1", 2)
	first := b.take("me", "a1")
	b.save(b.take("me", "b1"), ring("late", 1, b.clock.At.Add(30*time.Second)))
	at := b.clock.At.Add(time.Minute)
	b.must(b.RetryLetter(t.Context(), first, at, "502", nil))
	b.hear("a3", 1)
	b.next("while the first waits", at)
	b.clock.Pass(40 * time.Second) // the timer has rung
	b.take("me", "")
	b.next("when a timer behind it has rung", at)
	b.clock.Pass(time.Minute)
	first = b.take("me", "a1")
	b.take("me", "")
	at = b.clock.At.Add(time.Hour)
	b.must(b.RetryLetter(t.Context(), first, at, "502", nil))
	b.take("me", "")
	b.next("when the first waits longer", at)
	b.clock.Pass(2 * time.Hour)
	b.must(b.FailLetter(t.Context(), b.take("me", "a1"), "no", nil))
	for _, id := range []string{"a2", "a3", "timer/late"} {
		b.save(b.take("me", id), bot.Plan{})
	}
	b.take("me", "")
	b.next("when all is done", time.Time{})
}

// lineGoesOn: a timer that runs holds nobody up, and one that is set to an
// earlier moment is the first from then on.
func lineGoesOn(t *testing.T, b *bench) {
	b.hear("b1", 2)
	b.save(b.take("me", "b1"), ring("t", 1, b.clock.At.Add(time.Hour)))
	b.next("while the timer runs", b.clock.At.Add(time.Hour))
	b.hear("a1", 1)
	b.hear("b2", 2)
	first := b.take("me", "a1")
	b.save(b.take("me", "b2"), ring("t", 1, first.At.Add(-time.Minute)))
	b.take("me", "") // it rang, and stands behind what is in hand
	b.must(b.RetryLetter(t.Context(), first, b.clock.At.Add(time.Minute), "502", nil))
	b.save(b.take("me", "timer/t"), bot.Plan{})
	b.take("me", "")
	b.clock.Pass(time.Minute)
	b.save(b.take("me", "a1"), bot.Plan{})
}

// goneFirst: what somebody had who is gone is taken up before all that waits.
func goneFirst(_ *testing.T, b *bench) {
	b.hear("a1", 1)
	b.hear("b1", 2)
	b.hear("c1", 3)
	b.take("gone", "a1")
	b.clock.Pass(10 * time.Second)
	b.take("gone", "b1")
	for n := range 3 {
		b.hear(fmt.Sprintf("a%d", n+2), 1)
		b.hear(fmt.Sprintf("d%d", n), 4+n)
	}
	b.clock.Pass(lease - 5*time.Second)
	b.take("me", "a1") // its lease ran out first
	b.take("me", "c1")
	b.clock.Pass(10 * time.Second)
	b.take("me", "b1")
	b.take("me", "d0")
}

// lineSetBack: a line keeps its order when the clock is set back, and waits no
// longer than it was to.
func lineSetBack(t *testing.T, b *bench) {
	b.hear("a1", 1)
	b.hear("a2", 1)
	b.must(b.RetryLetter(t.Context(), b.take("me", "a1"), b.clock.At.Add(time.Minute), "502", nil))
	b.clock.Pass(-time.Hour)
	b.take("me", "")
	b.hear("a3", 1)
	b.next("when the clock was set back", b.clock.At.Add(time.Minute-time.Millisecond))
	b.clock.Pass(time.Minute + time.Second)
	for _, id := range []string{"a1", "a2", "a3"} {
		b.save(b.take("me", id), bot.Plan{})
	}
	b.next("when all is done", time.Time{})
}
