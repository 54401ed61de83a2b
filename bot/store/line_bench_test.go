package store

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

// What a delivery costs that is taken up and done, and a look at what is due
// next, while very many of 200 subjects wait behind one that is tried again.
func BenchmarkClaimBesideAQueue(b *testing.B) {
	for _, database := range []string{"sqlite", "postgres"} {
		for _, n := range []int{1_000, 100_000} {
			b.Run(fmt.Sprint(database, "/", n), func(b *testing.B) {
				url := "sqlite:" + filepath.Join(b.TempDir(), "queue.db")
				if database == "postgres" {
					url = pgtest.URL(b)
				}
				clock := &storetest.Clock{At: time.Unix(1_800_000_000, 0)}
				s, err := Open(b.Context(), url, Options{Clock: clock.Now})
				must(b, err)
				defer s.Close()
				queued(b, s, n, clock.At)
				oneBeside(b, s) // after a start all lines are looked at
				for b.Loop() {
					oneBeside(b, s)
				}
			})
		}
	}
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// queued fills in deliveries of 200 subjects, the first of each of which waits.
func queued(b *testing.B, s *Store, n int, now time.Time) {
	b.Helper()
	body, at := make([]byte, 5<<10), micros(now.Add(-time.Hour))
	columns := []string{"id", "source", "name", "body", "at", "due", "state", "subject", "retry_at"}
	err := s.inTx(b.Context(), "fill", nil, func(tx txn) error {
		for from := 0; from < n; from += rowsAtOnce {
			var values []any
			for i := from; i < from+rowsAtOnce; i++ {
				retry := time.Time{}
				if i < 200 {
					retry = now.Add(time.Hour)
				}
				values = append(values, fmt.Sprint("waits/", i), "test", "x", body, at, at+int64(i), bot.LetterReady, fmt.Sprint(i%200), micros(retry))
			}
			if err := tx.insertRows(b.Context(), "inbox", columns, values); err != nil {
				return err
			}
		}
		return nil
	})
	must(b, err)
	_, err = s.LineUp(b.Context())
	must(b, err)
	settle := "ANALYZE"
	if s.lock == "" {
		settle = "PRAGMA wal_checkpoint(TRUNCATE)" // else it runs beside what is measured
	}
	_, err = s.write.DB.ExecContext(b.Context(), settle)
	must(b, err)
}

var besides int

func oneBeside(b *testing.B, s *Store) {
	besides++
	_, err := s.Hear(b.Context(), bot.Letter{ID: fmt.Sprint("beside/", besides), Source: "test", Body: []byte("x")})
	must(b, err)
	l, _, err := s.NextNew(b.Context())
	must(b, err)
	l.State, l.Subject = bot.LetterReady, "beside"
	must(b, s.Sort(b.Context(), l))
	_, _, err = s.NextDue(b.Context())
	must(b, err)
	l, _, err = s.ClaimLetter(b.Context(), "me", time.Minute)
	must(b, err)
	must(b, s.Save(b.Context(), l, bot.Plan{}, false))
	_, ok, err := s.ClaimLetter(b.Context(), "me", time.Minute)
	if must(b, err); ok {
		b.Fatal("one that stands behind another was taken up")
	}
}
