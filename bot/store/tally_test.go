package store

import (
	"strconv"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

// TestWhatIsOverIsCountedSeldom: what is not is counted each time, and each
// count says as of when it is.
func TestWhatIsOverIsCountedSeldom(t *testing.T) {
	c := &storetest.Clock{At: time.Unix(1_000_000, 0)}
	s := open(t, file(t), c)
	add := func(id, state string) {
		if _, err := s.write.ExecContext(t.Context(), `INSERT INTO inbox (id, source, name, body, at, due, state) VALUES ($1, 'github', '', $2, 0, 0, $3)`, id, []byte{}, state); err != nil {
			t.Fatal(err)
		}
	}
	is := func(done, failed int, age time.Duration) {
		t.Helper()
		list, err := s.Tally(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bot.Tally{}
		for _, n := range list {
			got[n.State] = n
		}
		if d, f := got[bot.LetterDone], got[bot.LetterFailed]; d.N != done || f.N != failed || c.At.Sub(d.At) != age || !f.At.Equal(c.At) {
			t.Errorf("done %+v, failed %+v at %v", d, f, c.At)
		}
	}
	for i := range 40 {
		add(strconv.Itoa(i), bot.LetterDone)
	}
	add("b", bot.LetterFailed)
	is(40, 1, 0)
	add("c", bot.LetterDone)
	add("d", bot.LetterFailed)
	c.Pass(39 * recountEach)
	is(40, 2, 39*recountEach)
	c.Pass(recountEach)
	is(41, 2, 0)
	if many := (&counted{list: []bot.Tally{{N: 1 << 40}}}).lasts(); many != recount {
		t.Errorf("many count for %v", many)
	}
}
