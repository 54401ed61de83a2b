package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// storm hears deliveries while nothing can be written, so that they come at once.
type storm struct {
	*testing.T
	*Store
	held *sql.Tx
	all  sync.WaitGroup
	mu   sync.Mutex
	errs map[string]error // of those that were answered
}

func newStorm(t *testing.T, s *Store) *storm {
	t.Helper()
	tx, err := s.write.DB.BeginTx(t.Context(), nil) // SQLite's only writer
	if err == nil && s.dialect == &postgres {
		_, err = tx.ExecContext(t.Context(), "LOCK TABLE inbox IN SHARE MODE")
	}
	if err != nil {
		t.Fatal(err)
	}
	m := &storm{T: t, Store: s, held: tx, errs: map[string]error{}}
	m.hear(t.Context(), "first") // it waits for the database, the others for it
	m.waits(0)
	return m
}

func (m *storm) hear(ctx context.Context, id string) {
	m.all.Go(func() {
		_, err := m.Hear(ctx, bot.Letter{ID: id, Source: "test", Name: id, Body: []byte(id)})
		m.mu.Lock()
		defer m.mu.Unlock()
		m.errs[id] = err
	})
}

// more are heard, in their order.
func (m *storm) more(from, to int) {
	for i := from; i < to; i++ {
		m.hear(m.Context(), fmt.Sprint(i))
		m.waits(i + 1)
	}
}

// waits until so many wait for those that are being stored.
func (m *storm) waits(n int) {
	for there := false; !there && m.Context().Err() == nil; time.Sleep(10 * time.Microsecond) {
		m.heard.mu.Lock()
		there = m.heard.going && len(m.heard.waiting) == n
		m.heard.mu.Unlock()
	}
}

// passes lets the database go on and waits for all answers.
func (m *storm) passes() {
	m.Helper()
	if err := m.held.Commit(); err != nil {
		m.Fatal(err)
	}
	m.all.Wait()
}

// refuses has the database take no delivery of a name.
func (m *storm) refuses(name string) {
	m.Helper()
	text := `CREATE TRIGGER no BEFORE INSERT ON inbox WHEN NEW.name = '` + name + `' BEGIN SELECT RAISE(ABORT, 'no'); END`
	if m.dialect == &postgres {
		text = `ALTER TABLE inbox ADD CHECK (name <> '` + name + `')`
	}
	m.exec(text)
}

func (m *storm) exec(text string) {
	m.Helper()
	if _, err := m.held.ExecContext(m.Context(), text); err != nil {
		m.Fatal(err)
	}
}

// mustRefuse checks which deliveries were not acknowledged, of all that were
// answered.
func (m *storm) mustRefuse(is func(id string) bool) {
	m.Helper()
	for id, err := range m.errs {
		if (err != nil) != is(id) {
			m.Errorf("%s is answered with %v", id, err)
		}
	}
}

func none(string) bool { return false }

func every(string) bool { return true }

// mustHold checks that what was acknowledged is stored, and nothing else is.
func mustHold(t *testing.T, s *Store, errs map[string]error) {
	t.Helper()
	for id, err := range errs {
		if _, ok, look := s.Letter(t.Context(), id); look != nil || ok != (err == nil) {
			t.Errorf("%s: answered with %v, stored %v (%v)", id, err, ok, look)
		}
	}
}

func (m *storm) answer(id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.errs[id]
}
