package store

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

func open(t *testing.T, c *storetest.Clock) *Store {
	t.Helper()
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "test.db"), Options{Clock: c.Now})
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
	storetest.Exercise(t, func(t *testing.T, c *storetest.Clock) storetest.Store { return open(t, c) })
}

func TestSecondProcessIsRefused(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	s, err := Open(t.Context(), url, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := Open(t.Context(), url, Options{}); err == nil || !strings.Contains(err.Error(), "another roundtrip") {
		t.Errorf("a second process got in: %v", err)
	}
	if now, err := s.Now(t.Context()); err != nil || now.Year() < 2024 {
		t.Errorf("the database says it is %v (%v)", now, err)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	s, err := Open(t.Context(), url, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), url, Options{}); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("a newer schema was opened: %v", err)
	}
}

func TestDurabilityIsAsPromised(t *testing.T) {
	s := open(t, &storetest.Clock{})
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
		for name, db := range map[string]*sql.DB{"write": s.write, "read": s.read} {
			var got string
			if err := db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %s = %s, want %s (%v)", name, pragma, got, want, err)
			}
		}
	}
}

func TestLedgerCannotBeChanged(t *testing.T) {
	s := open(t, &storetest.Clock{})
	tx, err := s.write.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if err := learn(t.Context(), tx, bot.NewFact("k", bot.RepoRef{ID: 1}, "s", s.clock(), nil)); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"UPDATE ledger SET kind = 'x'", "DELETE FROM ledger"} {
		if _, err := s.write.Exec(q); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", q, err)
		}
	}
	if _, err := s.write.Exec("DROP TRIGGER ledger_no_update"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.Exec("UPDATE ledger SET kind = 'x'"); err != nil {
		t.Fatal(err)
	}
	if err := s.VerifyLedger(t.Context()); err == nil {
		t.Error("a changed entry was not noticed")
	}
}
