package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/store"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
)

// books are what a world's engine works on, and what its test reads. That all
// kinds of them do the same, storetest.Exercise says.
type books interface {
	engine.Store
	Letter(ctx context.Context, id string) (bot.Letter, bool, error)
	Tasks(ctx context.Context, state string, limit int) ([]bot.Task, error)
}

// opened opens a database of the test's own: a file, or what pgtest.On names.
func opened(t *testing.T) func(func() time.Time) books {
	return func(clock func() time.Time) books {
		file := filepath.Join(t.TempDir(), "t.db")
		url := pgtest.At(t, file)
		if url == "sqlite:"+file {
			fresh(t, file)
		}
		s, err := store.Open(t.Context(), url, store.Options{Clock: clock})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
}

// template is a database in which nothing is: to make one takes longer than most tests.
var template struct {
	sync.Mutex
	body []byte
}

// fresh puts a copy of the template into a file.
func fresh(t *testing.T, file string) {
	t.Helper()
	template.Lock()
	defer template.Unlock()
	if template.body == nil {
		first := filepath.Join(t.TempDir(), "template.db")
		s, err := store.Open(t.Context(), "sqlite:"+first, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if template.body, err = os.ReadFile(first); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, template.body, 0o600); err != nil {
		t.Fatal(err)
	}
}
