package store

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func TestAReaderReadsBesideTheWriter(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	if _, err := OpenReader(t.Context(), url); err == nil || !strings.Contains(err.Error(), "there is no file") {
		t.Errorf("a file that is not there: %v", err)
	}
	s, err := Open(t.Context(), url, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := OpenReader(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if facts, err := r.Facts(t.Context(), bot.FactQuery{}); err != nil || len(facts) != 0 {
		t.Errorf("facts %v (%v)", facts, err)
	}
	if _, err := r.read.Exec("DELETE FROM docs"); err == nil {
		t.Error("a reader could write")
	}
	if _, err := s.write.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReader(t.Context(), url); err == nil || !strings.Contains(err.Error(), "9999") {
		t.Errorf("another schema: %v", err)
	}
}
