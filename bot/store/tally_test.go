package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

// tallying is a store whose letters are put straight into their states.
type tallying struct {
	*testing.T
	*Store
	clock *storetest.Clock
}

func newTallying(t *testing.T, url string) tallying {
	c := &storetest.Clock{At: time.Unix(1_000_000, 0)}
	return tallying{t, open(t, url, c), c}
}

func (s tallying) exec(query string, args ...any) {
	s.Helper()
	if _, err := s.write.ExecContext(s.Context(), query, args...); err != nil {
		s.Fatal(err)
	}
}

// add adds n letters and effects in a state that both know.
func (s tallying) add(n int, state string) {
	s.Helper()
	s.clock.Pass(time.Microsecond)
	ids := `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) `
	id := fmt.Sprint(s.clock.At.UnixNano(), state)
	s.exec(ids+`INSERT INTO inbox (id, source, name, body, at, due, state) SELECT $2 || CAST(i AS TEXT), 'github', '', $3, 0, 0, $4 FROM n`, n, id, []byte{}, state)
	s.exec(ids+`INSERT INTO outbox (kind, key, grp, body, hash, cause, is_order, state, at, due) SELECT 'check', $2 || CAST(i AS TEXT), '', $3, '', '', 0, $4, 0, 0 FROM n`, n, id, []byte{}, state)
}

// is demands so many of each box, counted so long ago what is over.
func (s tallying) is(done, failed int, age time.Duration) {
	s.Helper()
	list, err := s.Tally(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	sum := map[bool]int{}
	for _, n := range list {
		sum[n.Outbox] += n.N
		want, at := failed, s.clock.At
		if n.State == bot.LetterDone {
			want, at = done, s.clock.At.Add(-age)
		}
		if n.N != want || !n.At.Equal(at) {
			s.Errorf("%+v, want %d as of %v", n, want, at)
		}
	}
	if sum[false] != done+failed || sum[true] != done+failed {
		s.Errorf("counted %v of %d", list, done+failed)
	}
}

// TestWhatComesToBeOverIsCounted: of what came since, and of what was open, each
// once. All is counted anew when so many may have been missed as there are.
func TestWhatComesToBeOverIsCounted(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := newTallying(t, url)
		s.add(2000, bot.LetterDone)
		s.add(2, bot.LetterFailed)
		s.is(2000, 2, 0)
		s.add(1, bot.LetterDone)
		s.add(1, bot.LetterFailed)
		s.is(2001, 3, 0)
		for _, box := range []string{"inbox", "outbox"} {
			s.exec(`UPDATE ` + box + ` SET state = 'done' WHERE seq = (SELECT MIN(seq) FROM ` + box + ` WHERE state = 'failed')`)
		}
		s.is(2002, 2, 0)
		s.is(2002, 2, 0)
	})
}

// TestManyCountAtOnce: whoever counts beside others counts each once, whatever
// comes to be over meanwhile.
func TestManyCountAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		const n = 60
		s := newTallying(t, url)
		s.add(2000, bot.LetterDone) // all is counted anew after two seconds, which do not pass
		s.add(n, bot.LetterFailed)
		s.is(2000, n, 0)
		ended := make(chan struct{})
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for going := true; going; {
					select {
					case <-ended:
						going = false
					default:
					}
					if in, out, err := s.Count(t.Context()); err != nil || in["done"]+in["failed"] != 2000+n || out["done"]+out["failed"] != 2000+n {
						t.Errorf("counted %v and %v (%v)", in, out, err)
						return
					}
				}
			})
		}
		for range n {
			for _, box := range []string{"inbox", "outbox"} {
				s.exec(`UPDATE ` + box + ` SET state = 'done' WHERE seq = (SELECT MIN(seq) FROM ` + box + ` WHERE state = 'failed')`)
			}
		}
		close(ended)
		all.Wait()
		s.is(2000+n, 0, 0)
	})
}

// TestWhatIsOverIsCountedSeldom: where too much is open to be followed, what is over
// is as of when all was counted. When that cannot be done again, it still is.
func TestWhatIsOverIsCountedSeldom(t *testing.T) {
	s := newTallying(t, file(t))
	s.add(40, bot.LetterDone)
	s.add(mostFollowed/2+1, bot.LetterFailed)
	s.is(40, mostFollowed/2+1, 0)
	then := s.clock.At
	s.add(1, bot.LetterDone)
	s.is(40, mostFollowed/2+1, s.clock.At.Sub(then))
	s.clock.Pass(80 * recountEach)
	s.over.within = 1 // nanosecond
	s.is(40, mostFollowed/2+1, s.clock.At.Sub(then))
	s.over.within = 0
	s.clock.Pass(80 * recountEach)
	s.is(41, mostFollowed/2+1, 0)
	if many := (&counted{list: []bot.Tally{{N: 1 << 40}}}).lasts(); many != recount {
		t.Errorf("many count for %v", many)
	}
}

// Whoever waits while another counts waits no longer than they have time.
func TestWhoeverWaitsToCountGoesWhenTimeIsUp(t *testing.T) {
	s := newTallying(t, pgtest.At(t, filepath.Join(t.TempDir(), "t.db")))
	s.over.turn <- struct{}{} // another counts
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Tally(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	<-s.over.turn
	s.is(0, 0, 0)
}
