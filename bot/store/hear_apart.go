package store

import (
	"context"
	"errors"
	"time"
)

// apartWithin is how long one delivery may hold up those of its batch: many
// times what a commit takes, and so little of the second that senders wait
// after storeWithin that a few may be stuck and all others are stored.
const apartWithin = 200 * time.Millisecond

// hearApart stores one delivery after another when they were late together: one
// of them may wait for another process that stands still over its id, and it
// alone is refused. If it was rather the database that stood still, who was late
// finds it going after the others; if nobody got in they wait for it as before.
func (s *Store) hearApart(batch []*hearing) {
	var left []*hearing
	for _, h := range batch {
		one := stillThere([]*hearing{h})
		if len(one) == 0 {
			continue
		}
		fresh, err := s.hearTogether(one, apartWithin)
		if late(err) {
			left = append(left, h)
			continue
		}
		s.answer(one, fresh, err)
	}
	within := apartWithin
	if len(left) == len(batch) {
		within = storeWithin
	}
	if left = stillThere(left); len(left) > 0 {
		fresh, err := s.hearTogether(left, within)
		s.answer(left, fresh, err)
	}
}

// late reports whether it was our own time that ran out: when all senders have
// gone their context is canceled.
func late(err error) bool { return errors.Is(err, context.DeadlineExceeded) }
