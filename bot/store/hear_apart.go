package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// apartWithin is how long deliveries wait for a lock where they may hold up
// those of their batch: many times what a commit takes, and so little of the
// second and a half that senders wait after lockWithin that some may be stuck and all
// others are stored.
const apartWithin = 50 * time.Millisecond

// hearApart stores deliveries that were late together, with those that come
// meanwhile. Either the database stands still: then nobody is refused who still
// waits. Or some wait for another process that stands still over their ids:
// they alone are refused, once all others got in and they were late again.
func (s *Store) hearApart(batch []*hearing) {
	g := groups{Store: s, waits: apartWithin}
	for len(batch) > 0 {
		moved := g.moved
		free, held := s.apart(batch)
		left, in := g.store(free)
		batch = stillThere(append(left, held...))
		switch {
		case !g.moved:
			batch = append(batch, s.heard.more()...)
		case moved && !in:
			s.answer(batch, nil, fmt.Errorf("others were stored meanwhile: %w", context.DeadlineExceeded))
			return
		}
	}
}

// groups are stored one after another. They wait longer and longer for locks
// while the database lets nobody in.
type groups struct {
	*Store
	waits time.Duration
	moved bool // somebody got in
}

// store stores deliveries in their order and returns those who were late alone,
// and whether any got in. In a group that is late there is one to be found who
// makes it so, unless the first to get in shows that all waited for the
// database: parts of it are tried. Otherwise groups grow, so that what all takes
// hangs on how many are stuck, and hardly on how many there are.
func (g *groups) store(batch []*hearing) (left []*hearing, in bool) {
	size, suspect := len(batch), 0 // the first so many, of whom one is to be found
	for batch = stillThere(batch); len(batch) > 0; batch = stillThere(batch) {
		n := share(batch, size)
		fresh, err := g.hearTogether(batch[:n], g.waits)
		switch {
		case n > 1 && err != nil && !away(err):
			size, suspect = max(n/8, 1), n
			continue
		case late(err):
			left = append(left, batch[0])
			suspect = 0
			g.longer()
		default:
			g.answer(batch[:n], fresh, err)
			if suspect -= n; suspect > 0 && g.moved {
				size = max(suspect/2, 1)
			} else {
				size, suspect = 4*size, 0
			}
			in = g.got(err) || in
		}
		batch = batch[n:]
	}
	return left, in
}

// longer is waited for locks as long as nobody got in.
func (g *groups) longer() {
	if !g.moved {
		g.waits = min(2*g.waits, lockWithin)
	}
}

// got notes whether somebody got in.
func (g *groups) got(err error) bool {
	if err == nil {
		g.waits, g.moved = apartWithin, true
	}
	return err == nil
}

// apart tells those from the others whose ids another process holds just now.
// Where it holds all of them, the first is to wait for it.
func (s *Store) apart(batch []*hearing) (free, held []*hearing) {
	locked := s.lockedByOthers(batch)
	for _, h := range batch {
		if slices.Contains(locked, number("letter/"+legible(h.ID))) {
			held = append(held, h)
		} else {
			free = append(free, h)
		}
	}
	if len(free) == 0 {
		return held[:1:1], held[1:]
	}
	return free, held
}

// lockedByOthers are the locks of deliveries for which one would have to wait.
// Where the database does not say, there are none.
func (s *Store) lockedByOthers(batch []*hearing) (locked []int64) {
	ctx, cancel := context.WithTimeout(context.Background(), storeWithin)
	defer cancel()
	keys, _ := locksOfIDs(batch).inOrder()
	rows, err := s.write.QueryContext(ctx, s.held, keys) //nolint:rowserrcheck // what it told until an error is true
	if err != nil {
		return nil
	}
	defer rows.Close() //nolint:errcheck // it was only looked at
	for rows.Next() {
		var k int64
		if rows.Scan(&k) == nil {
			locked = append(locked, k)
		}
	}
	return locked
}

// late reports whether it was our own time that ran out: when all senders have
// gone their context is canceled.
func late(err error) bool {
	var pg *pgconn.PgError
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &pg) && pg.Code == "55P03" // lock_timeout
}
