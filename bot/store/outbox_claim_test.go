package store

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

// Whoever takes work up waits for nobody who changes a group just now: what
// somebody who is gone had of it is taken up by the next look.
func TestAClaimPassesByAGroupThatOthersChange(t *testing.T) {
	clock := &storetest.Clock{At: time.Unix(1_800_000_000, 0)}
	s := open(t, pgtest.URL(t), clock)
	r := &shuffle{T: t, Store: s, clock: clock, subjects: 1}
	say := func(channel string) {
		t.Helper()
		l := r.taken(channel)
		r.must(s.Save(t.Context(), l, bot.Plan{Effects: []bot.Effect{bot.KeepMessage{Channel: channel, Place: "p"}}}, false))
	}
	take := func(want string) {
		t.Helper()
		got, _, err := s.ClaimTask(t.Context(), "me", []string{"message"}, time.Minute)
		if err != nil || got.Key != want {
			t.Errorf("took %q, not %q: %v", got.Key, want, err)
		}
	}
	for _, channel := range []string{"#busy", "#gone"} {
		say(channel)
		take(channel + "/p")
	}
	clock.Pass(2 * time.Minute)
	say("#waits")
	other, err := s.write.DB.BeginTx(t.Context(), nil)
	r.must(err)
	_, err = other.ExecContext(t.Context(), "SELECT pg_advisory_xact_lock($1)", number("group/message/#busy/p"))
	r.must(err)
	for _, next := range []string{"#gone/p", "#waits/p", ""} {
		take(next)
	}
	r.must(other.Rollback())
	take("#busy/p")
}
