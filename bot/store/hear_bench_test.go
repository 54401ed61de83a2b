package store

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	driver "modernc.org/sqlite"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// BenchmarkHear has 64 hooks hear at once, as in a storm of deliveries, and
// says how many of them share a commit:
//
//	go test ./bot/store -run '^$' -bench Hear -benchtime 20000x
func BenchmarkHear(b *testing.B) {
	s, err := Open(b.Context(), file(b), Options{})
	if err != nil {
		b.Fatal(err)
	}
	commits := commitsOf(b, s)
	var next atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				l := bot.Letter{ID: fmt.Sprintf("github/%d", i), Source: "github", Name: "push", Body: make([]byte, 10<<10)}
				if fresh, err := s.Hear(b.Context(), l); err != nil || !fresh {
					b.Errorf("%s: %v (%v)", l.ID, fresh, err)
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(commits.Load())/float64(b.N), "commits/delivery")
	b.ReportMetric(float64(b.N)/float64(commits.Load()), "deliveries/commit")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

// commitsOf counts what a SQLite file's one writer commits from now on.
func commitsOf(t testing.TB, s *Store) *atomic.Int64 {
	t.Helper()
	conn, err := s.write.DB.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var commits atomic.Int64
	err = conn.Raw(func(c any) error {
		c.(*preparedConn).sqliteConn.(driver.HookRegisterer).RegisterCommitHook(func() int32 { commits.Add(1); return 0 })
		return nil
	})
	if err := errorsJoin(err, conn.Close()); err != nil {
		t.Fatal(err)
	}
	return &commits
}
