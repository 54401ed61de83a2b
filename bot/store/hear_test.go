package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

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
	q := queue[*hearing]{share: shareStored, waiting: []*hearing{large(), large(), large(), {Letter: bot.Letter{Body: make([]byte, togetherBytes+1)}}, {}}}
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

// However many deliveries share a commit, there are few statements for it, and
// each is stored once.
func TestBatchesShareTheirStatements(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s, n, texts := open(t, url, nil), 0, map[string]bool{}
		for size := 1; size <= together; size += 9 {
			batch := make([]*hearing, size)
			for i := range batch {
				batch[i] = &hearing{ctx: t.Context(), Letter: bot.Letter{ID: fmt.Sprint(n + i), Source: "test", Body: []byte("x")}}
			}
			n += size
			texts[insertOf(inWhole(size))] = true
			if fresh, err := s.hearTogether(batch, lockWithin); err != nil || len(fresh) != size {
				t.Errorf("of %d %d are news (%v)", size, len(fresh), err)
			}
		}
		list, err := s.Letters(t.Context(), bot.LetterNew, 2*n)
		if err != nil || len(list) != n || len(texts) > 8 {
			t.Errorf("%d of %d are stored, by %d statements (%v)", len(list), n, len(texts), err)
		}
		if slices.ContainsFunc(list, func(l bot.Letter) bool { return string(l.Body) != "x" }) {
			t.Error("a repeat was stored")
		}
	})
}
