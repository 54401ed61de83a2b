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
// they are stored before their senders lose patience, in their order.
func TestOneDeliveryHoldsUpNoneOfItsBatch(t *testing.T) {
	for name, stuck := range map[string][]int{"first": {0}, "in the middle": {10}, "last": {19}, "three": {3, 4, 15}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newStorm(t, open(t, pgtest.URL(t), nil))
			isStuck := func(id string) bool {
				return slices.ContainsFunc(stuck, func(n int) bool { return id == fmt.Sprint(n) })
			}
			free := m.standsStill(stuck)
			ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond) // a hook's, and Socket Mode's
			defer cancel()
			for i := range 20 {
				m.hear(ctx, fmt.Sprint(i))
				m.waits(i + 1)
			}
			m.passes()
			free()
			m.mustRefuse(isStuck)
			mustHold(t, m.Store, m.errs)
			m.mustBeInOrder()
		})
	}
}

// standsStill is another process that hears the same deliveries and stands
// still over them until it is freed.
func (m *storm) standsStill(ids []int) (free func()) {
	m.Helper()
	tx, err := m.write.DB.BeginTx(m.Context(), nil)
	l := locks{}
	for _, id := range ids {
		l.alone("letter", fmt.Sprint(id))
	}
	if err == nil {
		err = txn{querier{m.dialect, tx}}.hold(m.Context(), l)
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
// who still waits.
func TestADatabaseThatStandsStillLosesNobody(t *testing.T) {
	m := newStorm(t, open(t, pgtest.URL(t), nil))
	m.more(0, 20)
	time.Sleep(2*storeWithin + apartWithin*3/2) // the first is given up, those after it were tried together and one of them apart
	m.passes()
	m.mustRefuse(func(id string) bool { return id == "first" })
	mustHold(t, m.Store, m.errs)
}
