package store

import (
	"errors"
	"slices"
	"sync"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var errClosed = errors.New("the database is closed")

// queue is who waits for a commit, in the order in which they came: those who
// came while the last one ran share the next. One goroutine serves them; it is
// there while any wait.
type queue[T any] struct {
	room  int           // how many may wait; 0: any number
	share func([]T) int // how many of the first share a commit
	serve func([]T)     // answers each

	mu      sync.Mutex
	waiting []T
	going   bool
	closed  bool
	all     sync.WaitGroup
}

// join waits with the others, and has them served if nobody does so.
func (q *queue[T]) join(one T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return errClosed
	case q.room > 0 && len(q.waiting) >= q.room:
		return bot.ErrBusy
	}
	q.waiting = append(q.waiting, one)
	if !q.going {
		q.going = true
		q.all.Go(func() {
			for batch := q.next(); len(batch) > 0; batch = q.next() {
				q.serve(batch)
			}
		})
	}
	return nil
}

// next are those who share the next commit.
func (q *queue[T]) next() []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	batch := q.take()
	q.going = len(batch) > 0
	return batch
}

// more are the same, for whoever is not yet done with those before.
func (q *queue[T]) more() []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.take()
}

func (q *queue[T]) take() []T {
	n := q.share(q.waiting)
	batch := slices.Clone(q.waiting[:n])
	q.waiting = slices.Delete(q.waiting, 0, n)
	return batch
}

// close lets nobody in any more and returns once all who wait are answered.
func (q *queue[T]) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.all.Wait()
}
