package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
)

// What one delivery waits for holds up none of its batch, wherever in it it is:
// they are stored, in their order, while it still stands there.
func TestOneDeliveryHoldsUpNoneOfItsBatch(t *testing.T) {
	for name, stuck := range map[string][]int{"first": {0}, "in the middle": {10}, "last": {19}, "three": {3, 4, 15}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newStorm(t, open(t, pgtest.URL(t), nil))
			l := locks{}
			for _, n := range stuck {
				l.alone("letter", fmt.Sprint(n))
			}
			free := m.another(func(tx txn) error { return tx.hold(t.Context(), l) })
			m.more(0, 20)
			m.passes()
			free()
			m.mustRefuse(func(id string) bool {
				return slices.ContainsFunc(stuck, func(n int) bool { return id == fmt.Sprint(n) })
			})
			mustHold(t, m.Store, m.errs)
			m.mustBeInOrder()
		})
	}
}

// Nor does one whose row somebody else writes, who knows nothing of our locks,
// in a large batch and far from the database.
func TestSomebodysRowHoldsUpNoneOfItsBatch(t *testing.T) {
	for _, stuck := range []int{0, 100, together - 1} {
		database, asked := behindProxy(t, pgtest.URL(t))
		m := &storm{T: t, Store: open(t, database, nil)}
		end := m.another(func(tx txn) error {
			_, err := tx.ExecContext(t.Context(), `INSERT INTO inbox (id, source, name, body, at, due, state) VALUES ($1, '', '', '', 0, 0, 'new')`, fmt.Sprint(stuck))
			return err
		})
		batch, before := large(t.Context()), asked.Load()
		m.hearAll(batch)
		end()
		for i, h := range batch {
			if (h.err != nil) != (i == stuck) {
				t.Errorf("%d is answered with %v", i, h.err)
			}
		}
		if n := asked.Load() - before; n > 2*together {
			t.Errorf("the database was asked %d times for all but %d", n, stuck)
		}
	}
}

// large is a batch as large as there are.
func large(ctx context.Context) (batch []*hearing) {
	for i := range together {
		batch = append(batch, &hearing{ctx: ctx, Letter: bot.Letter{ID: fmt.Sprint(i), Body: []byte{}}, answered: make(chan struct{})})
	}
	return batch
}

// another does something beside us and stands still over it until the end.
func (m *storm) another(does func(txn) error) (end func()) {
	m.Helper()
	tx, err := m.write.DB.BeginTx(m.Context(), nil)
	if err == nil {
		err = does(txn{querier{m.dialect, tx}})
	}
	if err != nil {
		m.Fatal(err)
	}
	return func() { _ = tx.Rollback() }
}

// mustBeInOrder checks that what is stored lies in the order of its numbers.
func (m *storm) mustBeInOrder() {
	m.Helper()
	list, err := m.Letters(m.Context(), bot.LetterNew, 100)
	slices.Reverse(list)
	last := -1
	for _, l := range list[1:] {
		n, _ := strconv.Atoi(l.ID)
		if n <= last {
			m.Errorf("after %d comes %d", last, n)
		}
		last = n
	}
	if err != nil {
		m.Error(err)
	}
}

// A database that stands still for longer than a commit may take loses nobody
// who still waits, be it one alone or those who came after it.
func TestADatabaseThatStandsStillLosesNobody(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		m := newStorm(t, open(t, url, nil))
		m.more(0, 20)
		time.Sleep(storeWithin + 4*apartWithin)
		m.passes()
		m.mustRefuse(none)
		mustHold(t, m.Store, m.errs)
	})
}

// Afterwards those of a large batch are stored together again: none loses
// patience because the database is far away.
func TestAfterAStandstillALargeBatchIsTogetherAgain(t *testing.T) {
	database, asked := behindProxy(t, pgtest.URL(t))
	m := &storm{T: t, Store: open(t, database, nil)}
	free := m.another(func(tx txn) error {
		_, err := tx.ExecContext(t.Context(), "LOCK TABLE inbox")
		return err
	})
	var before int64
	time.AfterFunc(storeWithin+4*apartWithin, func() { before = asked.Load(); free() })
	batch := large(t.Context())
	m.hearAll(batch)
	for _, h := range batch {
		if h.err != nil {
			t.Errorf("%s is answered with %v", h.ID, h.err)
		}
	}
	if n := asked.Load() - before; n > together {
		t.Errorf("the database was asked %d times", n)
	}
}
