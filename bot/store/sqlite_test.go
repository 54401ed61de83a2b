package store

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

func TestSecondProcessIsRefused(t *testing.T) {
	url := file(t)
	open(t, url, nil)
	if _, err := Open(t.Context(), url, Options{}); err == nil || !strings.Contains(err.Error(), "another roundtrip") {
		t.Errorf("a second process got in: %v", err)
	}
}

// A child that is being started has every file open until its program begins,
// the one that is locked too.
func TestAClosedFileIsFreeThoughAChildHasItOpen(t *testing.T) {
	url := file(t)
	s, err := Open(t.Context(), url, Options{})
	if err != nil {
		t.Fatal(err)
	}
	child, err := syscall.Dup(int(s.file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Close(child) }()
	for range 2 { // twice does no harm
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	open(t, url, nil)
}

func TestDurabilityIsAsPromised(t *testing.T) {
	s := open(t, file(t), &storetest.Clock{})
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
		for name, db := range map[string]*sql.DB{"write": s.write.DB, "read": s.read.DB} {
			var got string
			if err := db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %s = %s, want %s (%v)", name, pragma, got, want, err)
			}
		}
	}
}

func TestAReaderMakesNoFile(t *testing.T) {
	if _, err := OpenReader(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "none.db")); err == nil || !strings.Contains(err.Error(), "there is no file") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// Whoever asks whether the database answers does not wait behind a commit.
func TestTheDatabaseAnswersBesideACommit(t *testing.T) {
	s := open(t, file(t), nil)
	tx, err := s.write.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := s.Ping(ctx); err != nil {
		t.Error(err)
	}
}
