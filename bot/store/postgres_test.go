package store

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
)

// What is said of a database that cannot be opened does not show its password.
func TestNoErrorShowsThePassword(t *testing.T) {
	for what, url := range map[string]string{
		"nobody listens":     "postgres://u:hunter2@127.0.0.1:1/x",
		"no such host":       "postgres://u:hunter2@nowhere.invalid/x",
		"a wrong port":       "postgres://u:hunter2@127.0.0.1:no/x",
		"a wrong option":     "postgres://u:hunter2@127.0.0.1:1/x?sslmode=perhaps",
		"a space":            "postgres://u:hunter2@ 127.0.0.1/x",
		"in the options":     "postgres://127.0.0.1:1/x?user=u&password=hunter2",
		"another kind":       "mysql://u:hunter2@127.0.0.1/x",
		"a percent sign":     "postgres://u:hunter2%@127.0.0.1:1/x",
		"a socket elsewhere": "postgres://u:hunter2@/x?host=/nowhere",
	} {
		for name, open := range map[string]func() (*Store, error){
			"open": func() (*Store, error) { return Open(t.Context(), url, Options{}) },
			"read": func() (*Store, error) { return OpenReader(t.Context(), url) },
		} {
			if _, err := open(); err == nil || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s, %s: %v", what, name, err)
			}
		}
	}
	url := strings.Replace(pgtest.URL(t), "postgres://roundtrip:", "postgres://roundtrip:hunter2", 1)
	if _, err := Open(t.Context(), url, Options{}); err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "password authentication failed") {
		t.Errorf("a wrong password: %v", err)
	}
}

// Replicas that start at once bring the schema up to date once.
func TestReplicasMigrateOnce(t *testing.T) {
	url := pgtest.URL(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s, err := Open(t.Context(), url, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			_ = s.Close()
		})
	}
	all.Wait()
	var n int
	if err := open(t, url, nil).read.DB.QueryRow(`SELECT count(*) - count(DISTINCT version_id) FROM goose_db_version`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d versions were applied again (%v)", n, err)
	}
}

// What one process hears wakes the others.
func TestProcessesWakeOneAnother(t *testing.T) {
	url := pgtest.URL(t)
	ctx, stop := context.WithCancel(t.Context())
	one, other, stirred := open(t, url, nil), open(t, url, nil), make(chan struct{}, 100)
	ended := make(chan error)
	go func() { ended <- other.Listen(ctx, func() { stirred <- struct{}{} }) }()
	<-stirred // it listens
	if _, err := one.Hear(t.Context(), bot.Letter{ID: "d1", Source: "test", Body: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	<-stirred
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it was told to end: %v", err)
	}
}

// A connection that is cut is made anew, and whoever listens learns of it.
func TestTheConnectionIsCut(t *testing.T) {
	url := pgtest.URL(t)
	s, listens, ended := open(t, url, nil), make(chan struct{}, 100), make(chan error)
	go func() { ended <- s.Listen(t.Context(), func() { listens <- struct{}{} }) }()
	<-listens
	pgtest.Exec(t, url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	if err := <-ended; err == nil {
		t.Error("nobody learns that hints are not heard")
	}
	if fresh, err := s.Hear(t.Context(), bot.Letter{ID: "d1", Source: "test", Body: []byte("x")}); err != nil || !fresh {
		t.Errorf("nothing is heard after it: %v (%v)", fresh, err)
	}
}

func TestDurabilityOnPostgres(t *testing.T) {
	s := open(t, pgtest.URL(t), nil)
	for name, want := range map[string]string{"synchronous_commit": "on", "default_transaction_isolation": "read committed", "application_name": "roundtrip"} {
		var got string
		if err := s.write.DB.QueryRow("SHOW " + name).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %s, want %s (%v)", name, got, want, err)
		}
	}
}

// TestBackUpAndRestore does what docs/operating.md says.
func TestBackUpAndRestore(t *testing.T) {
	from, to, dump := pgtest.URL(t), pgtest.URL(t), filepath.Join(t.TempDir(), "copy.dump")
	s := open(t, from, nil)
	learned := func(s *Store) error {
		return s.inTx(t.Context(), "learn", nil, func(tx txn) error {
			return learn(t.Context(), tx, bot.NewFact("k", bot.RepoRef{ID: 1}, "s", time.Unix(1, 0), nil))
		})
	}
	if err := learned(s); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][]string{{"pg_dump", "-Fc", "-f", dump, from}, {"pg_restore", "-d", to, dump}} {
		if out, err := exec.CommandContext(t.Context(), c[0], c[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", c[0], err, out)
		}
	}
	restored := open(t, to, nil)
	if err := learned(restored); err != nil { // it goes on where it was
		t.Fatal(err)
	}
	facts, err := restored.Facts(t.Context(), bot.FactQuery{})
	if err := errorsJoin(err, restored.VerifyLedger(t.Context())); err != nil || len(facts) != 2 {
		t.Errorf("%d facts (%v)", len(facts), err)
	}
	if _, err := restored.write.DB.Exec(`TRUNCATE ledger`); err == nil || !strings.Contains(err.Error(), "append-only") {
		t.Errorf("the ledger was emptied: %v", err)
	}
}

// What one delivery waits for holds up no other for long: another process that
// stands still over its id, say.
func TestOneDeliveryHoldsUpNoOther(t *testing.T) {
	s := open(t, pgtest.URL(t), nil)
	held, free, still := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		still <- s.inTx(t.Context(), "stands still", alone("letter", "slack/x"), func(txn) error {
			close(held)
			<-free
			return nil
		})
	}()
	<-held
	stuck := make(chan error, 1)
	go func() {
		_, err := s.Hear(t.Context(), bot.Letter{ID: "slack/x", Source: "slack", Body: []byte("x")})
		stuck <- err
	}()
	waitsAtOnce(t, s)
	for _, id := range []string{"github/a", "github/b"} {
		ctx, cancel := context.WithTimeout(t.Context(), 2*storeWithin)
		if fresh, err := s.Hear(ctx, bot.Letter{ID: id, Source: "github", Body: []byte("x")}); !fresh || err != nil {
			t.Errorf("%s: %v, %v", id, fresh, err)
		}
		cancel()
	}
	if err := <-stuck; err == nil {
		t.Error("stored under a lock of another")
	}
	close(free)
	if err := <-still; err != nil {
		t.Error(err)
	}
}

// waitsAtOnce returns once a delivery is being stored.
func waitsAtOnce(t *testing.T, s *Store) {
	t.Helper()
	for {
		s.heard.mu.Lock()
		storing := s.heard.going && len(s.heard.waiting) == 0
		s.heard.mu.Unlock()
		if storing {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// A deadline that passes between two statements is no database that is away.
func TestOurOwnTimeIsNoDatabaseAway(t *testing.T) {
	c, err := pgx.Connect(t.Context(), pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(t.Context()) }()
	over, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	if _, err := c.Exec(over, "SELECT 1"); !late(err) || !cut(err) || away(err) {
		t.Errorf("%v: late %v, cut %v, away %v", err, late(err), cut(err), away(err))
	}
}
