package store

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

func TestSecondProcessIsRefused(t *testing.T) {
	url := file(t)
	open(t, url, nil)
	if _, err := Open(t.Context(), url, Options{}); err == nil || !strings.Contains(err.Error(), "another roundtrip") {
		t.Errorf("a second process got in: %v", err)
	}
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
