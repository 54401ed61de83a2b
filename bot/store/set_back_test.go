package store

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

// A clock that was set back is made up for in two steps. Whoever died between
// them, or whose second failed, leaves nothing that waits for the old time.
func TestAClockSetBackIsMadeUpForInAnyCase(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		clock := &storetest.Clock{At: time.Unix(1_800_000_000, 0)}
		s := open(t, url, clock)
		r := &shuffle{T: t, Store: s, clock: clock}
		l := r.taken("d1")
		r.must(s.RetryLetter(t.Context(), l, clock.At.Add(time.Minute), "502", nil))
		clock.Pass(-time.Hour)
		r.must(s.setBack(t.Context(), clock.At, time.Minute)) // by a process that died then
		if _, ok, err := s.ClaimLetter(t.Context(), "me", time.Minute); ok || err != nil {
			t.Errorf("it did not wait (%v)", err)
		}
		if due, _, err := s.NextDue(t.Context()); err != nil || due.After(clock.At.Add(time.Minute)) {
			t.Errorf("it waits for %s (%v)", due.Sub(clock.At), err)
		}
	})
}
