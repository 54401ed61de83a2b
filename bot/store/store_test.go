package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

// onEach runs a test on each database, with the address of a new one.
func onEach(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, file(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.URL(t)) })
}

func file(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "test.db") }

func open(t *testing.T, url string, c *storetest.Clock) *Store {
	t.Helper()
	o := Options{}
	if c != nil {
		o.Clock = c.Now
	}
	s, err := Open(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestSQLite(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T, c *storetest.Clock) storetest.Store { return open(t, file(t), c) })
}

func TestPostgres(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T, c *storetest.Clock) storetest.Store { return open(t, pgtest.URL(t), c) })
}

func TestPostgresIsShared(t *testing.T) {
	storetest.Shared(t, func(t *testing.T, c *storetest.Clock) (all []storetest.Store) {
		url := pgtest.URL(t)
		for range 3 {
			all = append(all, open(t, url, c))
		}
		return all
	})
}

func TestTheDatabaseHasTheTime(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		if now, err := open(t, url, nil).Now(t.Context()); err != nil || now.Year() < 2024 || now.Year() > 2100 {
			t.Errorf("the database says it is %v (%v)", now, err)
		}
	})
}

func TestNewerSchemaIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := open(t, url, nil)
		if _, err := s.write.DB.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), url, Options{}); err == nil || !strings.Contains(err.Error(), "its schema is version 9999, newer than this program's") {
			t.Errorf("a newer schema was opened: %v", err)
		}
	})
}

func TestLedgerCannotBeChanged(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := open(t, url, &storetest.Clock{At: time.Unix(1, 0)})
		err := s.inTx(t.Context(), "learn", nil, func(tx txn) error {
			return learn(t.Context(), tx, bot.NewFact("k", bot.RepoRef{ID: 1}, "s", s.clock(), nil))
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range []string{"UPDATE ledger SET kind = 'x'", "DELETE FROM ledger"} {
			if _, err := s.write.DB.Exec(q); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", q, err)
			}
		}
		drop := "DROP TRIGGER ledger_no_update"
		if s.dialect == &postgres {
			drop += " ON ledger"
		}
		for _, q := range []string{drop, "UPDATE ledger SET kind = 'x'"} {
			if _, err := s.write.DB.Exec(q); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.VerifyLedger(t.Context()); err == nil {
			t.Error("a changed entry was not noticed")
		}
	})
}

// Strangers send what they like: what one database would refuse, both take.
func TestTextsThatAreNone(t *testing.T) {
	const none = "a\x00b\xffc"
	onEach(t, func(t *testing.T, url string) {
		s, ctx := open(t, url, nil), t.Context()
		if fresh, err := s.Hear(ctx, bot.Letter{ID: "github/" + none, Source: "github", Name: none, Body: []byte(none)}); err != nil || !fresh {
			t.Fatalf("it is not heard: %v (%v)", fresh, err)
		}
		l, ok, err := s.Letter(ctx, "github/"+none)
		if err != nil || !ok || string(l.Body) != none || l.Name != "a\uFFFDb\uFFFDc" {
			t.Fatalf("found %v: name %q, body %q (%v)", ok, l.Name, l.Body, err)
		}
		l.Kind, l.Subject, l.State, l.Event = "x", none, bot.LetterReady, []byte(none)
		if err := s.Sort(ctx, l); err != nil {
			t.Fatal(err)
		}
		if l, ok, err = s.ClaimLetter(ctx, none, time.Minute); err != nil || !ok {
			t.Fatalf("it is not claimed: %v (%v)", ok, err)
		}
		fact := bot.NewFact("k", bot.RepoRef{ID: 1, Name: none}, none, time.Unix(1, 0), none)
		if err := s.Save(ctx, l, bot.Plan{Facts: []bot.Fact{fact, fact}}, false); err != nil {
			t.Fatal(err)
		}
		if err := s.VerifyLedger(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestReaders(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := open(t, url, nil)
		r, err := OpenReader(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if facts, err := r.Facts(t.Context(), bot.FactQuery{}); err != nil || len(facts) != 0 {
			t.Errorf("facts %v (%v)", facts, err)
		}
		if _, err := r.read.DB.Exec("DELETE FROM docs"); err == nil {
			t.Error("a reader could write")
		}
		if _, err := s.write.DB.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenReader(t.Context(), url); err == nil || !strings.Contains(err.Error(), "9999") {
			t.Errorf("another schema: %v", err)
		}
	})
}

// backTo brings an empty database back to an older schema.
func backTo(t *testing.T, s *Store, version int64) {
	t.Helper()
	p, err := s.migrator()
	if err == nil {
		_, err = p.DownTo(t.Context(), version)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A change that was open before the schema said so is among the open ones.
func TestChangesThatWereOpenBefore(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s, err := Open(t.Context(), url, Options{})
		if err != nil {
			t.Fatal(err)
		}
		backTo(t, s, 4)
		for key, body := range map[string]string{
			"change/42/9#1": `{"change":{"open":true,"title":"a \u0000 é"}}`, "change/42/9#2": `{"change":{"title":"\"open\":true","open":false}}`, "head/42/9/c0ffee": `{"change":{"open":true}}`,
		} {
			if _, err := s.write.ExecContext(t.Context(), `INSERT INTO docs (key, version, body, at) VALUES ($1, 1, $2, 7)`, key, []byte(body)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, url, nil)
		var claims string
		if err := s.read.QueryRowContext(t.Context(), `SELECT MIN(claim || ' ' || doc) FROM claims HAVING COUNT(*) = 1`).Scan(&claims); err != nil || claims != "open/42/9#1 change/42/9#1" {
			t.Errorf("claims are %q: %v", claims, err)
		}
	})
}

// Of the words of the migrations each has a meaning on both databases, and the
// two have the same tables with the same columns.
func TestTheSchemaIsOne(t *testing.T) {
	columns := map[string]string{}
	onEach(t, func(t *testing.T, url string) {
		s := open(t, url, nil)
		for _, table := range []string{"inbox", "outbox", "receipts", "docs", "claims", "ledger"} {
			names := columnsOf(t, s, table)
			if was, ok := columns[table]; ok && was != names {
				t.Errorf("%s: %s, and %s", table, was, names)
			}
			columns[table] = names
		}
	})
}

func columnsOf(t *testing.T, s *Store, table string) string {
	t.Helper()
	rows, err := s.read.QueryContext(t.Context(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err := errorsJoin(err, rows.Err()); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(names)
}
