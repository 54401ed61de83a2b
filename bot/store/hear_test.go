package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
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
		there = m.heard.storing && len(m.heard.waiting) == n
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

func TestWhatIsHeardAtOnceSharesACommit(t *testing.T) {
	s := open(t, file(t), nil)
	commits := commitsOf(t, s)
	m := newStorm(t, s)
	const others = 2*together + 1
	m.more(0, others)
	m.passes()
	if n := commits.Load(); n != 1+1+3 { // what held the writer, the first's, and those of the others
		t.Errorf("%d commits for %d deliveries", n, 1+others)
	}
	mustHold(t, s, m.errs)
}

func TestWhatIsHeardAtOnceKeepsItsOrder(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		m := newStorm(t, open(t, url, nil))
		const n = 23
		m.more(0, n)
		m.passes()
		list, err := m.Letters(t.Context(), bot.LetterNew, 100)
		slices.Reverse(list)
		if err != nil || len(list) != n+1 {
			t.Fatalf("%d are stored (%v)", len(list), err)
		}
		for i, l := range list[1:] {
			if l.ID != fmt.Sprint(i) {
				t.Errorf("after %d comes %s", i-1, l.ID)
			}
		}
	})
}

func TestOneThatIsRefusedDoesNotKeepTheOthersOut(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		m := newStorm(t, open(t, url, nil))
		m.more(0, 20)
		m.refuses("13")
		m.passes()
		m.mustRefuse(func(id string) bool { return id == "13" })
		mustHold(t, m.Store, m.errs)
	})
}

func TestWhatFailsIsAnsweredAndNotStored(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		m := newStorm(t, open(t, url, nil))
		m.more(0, 20)
		m.exec("ALTER TABLE inbox RENAME TO away")
		m.passes()
		m.mustRefuse(every)
		if _, err := m.write.ExecContext(t.Context(), "ALTER TABLE away RENAME TO inbox"); err != nil {
			t.Fatal(err)
		}
		mustHold(t, m.Store, m.errs)
		if fresh, err := m.Hear(t.Context(), bot.Letter{ID: "7", Body: []byte{}}); err != nil || !fresh {
			t.Errorf("delivered again: %v (%v)", fresh, err)
		}
	})
}

// Whoever finds no room is told at once.
func TestTheWaitingRoomHasABound(t *testing.T) {
	m := newStorm(t, open(t, file(t), nil))
	for i := range waitingRoom {
		m.hear(t.Context(), fmt.Sprint(i))
	}
	m.waits(waitingRoom)
	if _, err := m.Hear(t.Context(), bot.Letter{ID: "late"}); !errors.Is(err, bot.ErrBusy) {
		t.Errorf("one more: %v", err)
	}
	m.passes()
	m.mustRefuse(none)
}

// Large ones share fewer commits: small ones do not wait behind many of them.
func TestLargeDeliveriesShareLess(t *testing.T) {
	large := func() *hearing { return &hearing{Letter: bot.Letter{Body: make([]byte, togetherBytes/2)}} }
	q := hearings{waiting: []*hearing{large(), large(), large(), {Letter: bot.Letter{Body: make([]byte, togetherBytes+1)}}, {}}}
	for i, want := range []int{2, 1, 1, 1, 0} {
		if n := len(q.next()); n != want {
			t.Errorf("commit %d is of %d, want %d", i, n, want)
		}
	}
}

// Whoever goes has its error at once, and holds nobody up.
func TestWhoGoesWhileItIsHeard(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		m := newStorm(t, open(t, url, nil))
		ctx, goes := context.WithCancel(t.Context())
		m.hear(ctx, "gone")
		m.waits(1)
		m.hear(t.Context(), "stays")
		m.waits(2)
		goes()
		for m.answer("gone") == nil {
			time.Sleep(10 * time.Microsecond)
		}
		m.passes()
		if err := m.errs["gone"]; !errors.Is(err, context.Canceled) || m.errs["stays"] != nil {
			t.Errorf("gone: %v; stays: %v", err, m.errs["stays"])
		}
		mustHold(t, m.Store, m.errs)
	})
}

func (m *storm) answer(id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.errs[id]
}

// A database that does not answer is given up once nobody waits any more.
func TestWhenAllHaveGoneTheNextIsStored(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := open(t, url, nil)
		ctx, goes := context.WithCancel(t.Context())
		waits, end := whileSomebodyWaits([]*hearing{{ctx: ctx}, {ctx: ctx}})
		defer end()
		goes()
		<-waits.Done()
		if _, err := s.Hear(ctx, bot.Letter{ID: "d1", Body: []byte{}}); !errors.Is(err, context.Canceled) {
			t.Errorf("who is gone: %v", err)
		}
		if fresh, err := s.Hear(t.Context(), bot.Letter{ID: "d1", Body: []byte{}}); err != nil || !fresh {
			t.Errorf("the next: %v (%v)", fresh, err)
		}
	})
}

// What is being heard when the store is closed is stored and answered first;
// what comes later is refused.
func TestCloseWhileHearing(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		m := newStorm(t, open(t, url, nil))
		m.more(0, 30)
		closed := make(chan error)
		go func() { closed <- m.Close() }()
		for err := error(nil); !errors.Is(err, errClosed); time.Sleep(10 * time.Microsecond) {
			ctx, goes := context.WithCancel(t.Context())
			goes()
			_, err = m.Hear(ctx, bot.Letter{ID: "late"})
		}
		m.passes()
		if err := <-closed; err != nil {
			t.Error(err)
		}
		m.mustRefuse(none)
		mustHold(t, open(t, url, nil), m.errs)
	})
}
