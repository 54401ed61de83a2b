package store

import (
	"context"
	"fmt"
	"math/bits"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Hear stores a delivery and returns once it is on disk. It reports false for
// one whose id is known: a repeat changes nothing. What is heard at once shares
// a commit. bot.ErrBusy says that too much waits for one already. When ctx ends
// before the answer it is not known whether the delivery is stored.
func (s *Store) Hear(ctx context.Context, l bot.Letter) (fresh bool, err error) {
	h := &hearing{ctx: ctx, Letter: l, answered: make(chan struct{})}
	h.Body, h.coding = pack(l.Body) // here, where each sender has a goroutine, and not where all wait for one
	if err = s.heard.join(h); err == nil {
		select {
		case <-h.answered:
			fresh, err = h.fresh, h.err
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	if err != nil {
		return false, fmt.Errorf("store delivery %s: %w", l.ID, err)
	}
	return fresh, nil
}

// hearAll stores deliveries in one commit and answers each. Where that is
// refused, halves of them may not be: one that the database does not take does
// not keep the others out. Nor does one that waits for somebody.
func (s *Store) hearAll(batch []*hearing) {
	batch = stillThere(batch)
	if len(batch) == 0 {
		return
	}
	fresh, err := s.hearTogether(batch, lockWithin)
	switch {
	case s.lock != "" && late(err): // for SQLite's one writer all wait alike
		s.hearApart(batch)
	case err == nil || len(batch) == 1 || away(err):
		s.answer(batch, fresh, err)
	default:
		s.hearAll(batch[:len(batch)/2])
		s.hearAll(batch[len(batch)/2:])
	}
}

func (s *Store) answer(batch []*hearing, fresh map[string]bool, err error) {
	if len(fresh) > 0 {
		s.hint()
	}
	for _, h := range batch {
		id := legible(h.ID)
		h.answer(fresh[id], err)
		delete(fresh, id) // whoever brought it as well brought a repeat
	}
}

// storeWithin is how long one commit may hold up those who wait behind it where
// a database has many writers, and lockWithin how long it may wait for a lock,
// which is rarely more than another's commit. They are less than any sender's
// patience. Where there is one writer, all wait for it alike.
const (
	storeWithin = 1500 * time.Millisecond
	lockWithin  = time.Second
)

// hearTogether stores deliveries, all or none, and says which ids are fresh. It
// waits for no lock longer than waits.
func (s *Store) hearTogether(batch []*hearing, waits time.Duration) (fresh map[string]bool, err error) {
	ctx, end := whileSomebodyWaits(batch)
	defer end()
	if s.lock != "" {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, storeWithin)
		defer cancel()
	}
	for range connections { // each of them may have been cut; that one is heard twice does no harm
		if fresh, err = s.hearOnce(ctx, batch, waits); err == nil || !cut(err) || ctx.Err() != nil {
			break
		}
	}
	return fresh, err
}

func (s *Store) hearOnce(ctx context.Context, batch []*hearing, waits time.Duration) (map[string]bool, error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	fresh := map[string]bool{}
	err = s.inTx(ctx, fmt.Sprintf("of %d", len(batch)), nil, func(tx txn) error {
		if err := tx.holdWithin(ctx, locksOfIDs(batch), waits); err != nil {
			return err
		}
		return insert(ctx, tx, batch, now, fresh)
	})
	if err != nil {
		return nil, err
	}
	return fresh, nil
}

// inWhole is as how many a batch is stored: a power of two, filled up with repeats,
// which store nothing. So there are few texts, which a connection keeps compiled.
func inWhole(n int) int { return 1 << bits.Len(uint(n-1)) }

// insertOf stores so many deliveries.
func insertOf(n int) string {
	values := make([]string, n)
	for i := range values {
		values[i] = "(" + list(2+5*i, 5) + ", $1, $1, 'new')"
	}
	return `INSERT INTO inbox (id, source, name, body, coding, at, due, state) VALUES ` + strings.Join(values, ", ") +
		` ON CONFLICT (id) DO NOTHING RETURNING id`
}

// insert stores deliveries in their order and notes the ids that were not known.
func insert(ctx context.Context, tx txn, batch []*hearing, now time.Time, fresh map[string]bool) error {
	args := []any{micros(now)}
	for _, h := range batch {
		args = append(args, h.ID, h.Source, h.Name, h.Body, h.coding)
	}
	most, repeat := inWhole(len(batch)), batch[len(batch)-1].ID
	for range most - len(batch) {
		args = append(args, repeat, "", "", []byte{}, "")
	}
	rows, err := tx.QueryContext(ctx, insertOf(most), args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // what matters is in rows.Err
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		fresh[id] = true
	}
	return rows.Err()
}
