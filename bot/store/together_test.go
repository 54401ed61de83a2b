package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

var errOwn = errors.New("of its own")

// writes a document by hand, and fails where it is told to.
func writes(key string, err error) func(txn) error {
	return func(tx txn) error {
		_, own := tx.ExecContext(context.Background(), `INSERT INTO docs (key, version, body, at) VALUES ($1, 1, $2, 7)`, key, []byte(key))
		return errors.Join(own, err)
	}
}

func kept(t *testing.T, s *Store) string {
	t.Helper()
	var keys string
	if err := s.read.QueryRowContext(t.Context(), `SELECT COALESCE(group_concat(key, ' '), '') FROM (SELECT key FROM docs ORDER BY key)`).Scan(&keys); err != nil {
		t.Fatal(err)
	}
	return keys
}

// occupied is a store whose next commit waits until it is let go; what comes
// meanwhile shares the one after it.
func occupied(t *testing.T, s *Store) (letGo func()) {
	t.Helper()
	begun, end := make(chan struct{}), make(chan struct{})
	var first sync.WaitGroup
	first.Go(func() {
		_ = s.inTx(context.Background(), "first", nil, func(txn) error { close(begun); <-end; return nil })
	})
	<-begun
	return func() { close(end); first.Wait() }
}

// atOnce runs transactions that come at once, in their order.
func atOnce(t *testing.T, s *Store, ctx context.Context, list ...func(txn) error) []error {
	t.Helper()
	letGo := occupied(t, s)
	errs := make([]error, len(list))
	var done sync.WaitGroup
	for i, f := range list {
		done.Go(func() { errs[i] = s.inTx(ctx, fmt.Sprint("part ", i), nil, f) })
		for s.waits() != i+1 {
			time.Sleep(time.Millisecond)
		}
	}
	letGo()
	done.Wait()
	return errs
}

func (s *Store) waits() int {
	s.commits.mu.Lock()
	defer s.commits.mu.Unlock()
	return len(s.commits.waiting)
}

// What comes at once shares a commit; one that fails takes back what it wrote
// alone, and is told why.
func TestTransactionsShareACommit(t *testing.T) {
	s := open(t, file(t), nil)
	commits := commitsOf(t, s)
	errs := atOnce(t, s, t.Context(), writes("a", nil), writes("b", errOwn), writes("c", nil), writes("c", nil), writes("d", nil))
	if errs[0] != nil || !errors.Is(errs[1], errOwn) || errs[2] != nil || errs[3] == nil || errs[4] != nil || !strings.HasPrefix(errs[3].Error(), "part 3: ") {
		t.Errorf("answered %v", errs)
	}
	if got := kept(t, s); got != "a c d" {
		t.Errorf("kept: %s", got)
	}
	if n := commits.Load(); n != 2 {
		t.Errorf("%d commits; want 2: one for the first, one for all the others", n)
	}
}

// Where the whole cannot be saved, nobody is told that it was.
func TestACommitThatFailsIsToldToAll(t *testing.T) {
	s := open(t, file(t), nil)
	cuts := func(tx txn) error {
		_, err := tx.ExecContext(t.Context(), `ROLLBACK`)
		return errors.Join(err, errOwn)
	}
	for i, err := range atOnce(t, s, t.Context(), writes("a", nil), cuts, writes("b", nil)) {
		if err == nil {
			t.Errorf("part %d was told that it was saved", i)
		}
	}
	if got := kept(t, s); got != "" {
		t.Errorf("kept: %s", got)
	}
	if err := s.inTx(t.Context(), "later", nil, writes("c", nil)); err != nil || kept(t, s) != "c" {
		t.Errorf("afterwards: %v", err)
	}
}

// Who goes away while it waits was not there; who goes away once it has begun
// undoes nothing, neither its own nor what others wrote.
func TestWhoGoesAwayUndoesNothing(t *testing.T) {
	s := open(t, file(t), nil)
	ctx, leave := context.WithCancel(t.Context())
	leaves := func(tx txn) error {
		leave()
		_, err := tx.ExecContext(ctx, `INSERT INTO docs (key, version, body, at) VALUES ('mine', 1, $1, 7)`, []byte{})
		return err
	}
	errs := atOnce(t, s, ctx, writes("a", nil), leaves)
	if errs[0] != nil || errs[1] != nil || kept(t, s) != "a mine" {
		t.Errorf("answered %v, kept %s", errs, kept(t, s))
	}
	letGo := occupied(t, s)
	if err := s.inTx(ctx, "nobody", nil, writes("nobody's", nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("one that had gone: %v", err)
	}
	letGo()
	if err := s.inTx(t.Context(), "last", nil, writes("z", nil)); err != nil || kept(t, s) != "a mine z" {
		t.Errorf("%v, kept %s", err, kept(t, s))
	}
}
