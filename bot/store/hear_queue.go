package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Group commit: what came while the last commit ran is the next one. Nobody
// waits for more to come, so one delivery alone is stored at once.
const (
	together      = 128     // deliveries that share a commit at most
	togetherBytes = 4 << 20 // of bodies, unless one is larger: the small ones do not wait behind many large
	waitingRoom   = 4096    // deliveries that may wait: 32 commits, so that they are stored before their senders lose patience
)

var errClosed = errors.New("the database is closed")

// hearing is a delivery whose sender waits for the commit.
type hearing struct {
	bot.Letter
	coding   string // of its body
	ctx      context.Context
	answered chan struct{} // closed once the answer is below
	fresh    bool
	err      error
}

func (h *hearing) answer(fresh bool, err error) {
	h.fresh, h.err = fresh, err
	close(h.answered)
}

// hearings are the deliveries that wait. One goroutine stores them; it is there
// while any wait.
type hearings struct {
	mu      sync.Mutex
	waiting []*hearing
	storing bool
	closed  bool
	all     sync.WaitGroup
}

// join waits with the others, and has them stored by store if nobody does so.
func (q *hearings) join(h *hearing, store func([]*hearing)) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return errClosed
	case len(q.waiting) >= waitingRoom:
		return bot.ErrBusy
	}
	q.waiting = append(q.waiting, h)
	if !q.storing {
		q.storing = true
		q.all.Go(func() {
			for batch := q.next(); len(batch) > 0; batch = q.next() {
				store(batch)
			}
		})
	}
	return nil
}

// next are those that share the next commit, in the order in which they came.
func (q *hearings) next() []*hearing {
	q.mu.Lock()
	defer q.mu.Unlock()
	batch := q.take()
	q.storing = len(batch) > 0
	return batch
}

// more are the same, for whoever is not yet done with those before.
func (q *hearings) more() []*hearing {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.take()
}

func (q *hearings) take() []*hearing {
	n := share(q.waiting, together)
	batch := slices.Clone(q.waiting[:n])
	q.waiting = slices.Delete(q.waiting, 0, n)
	return batch
}

// share is how many of the first share a commit, which takes so many at most.
func share(list []*hearing, most int) (n int) {
	for size := 0; n < min(len(list), most, together) && (n == 0 || size+len(list[n].Body) <= togetherBytes); n++ {
		size += len(list[n].Body)
	}
	return n
}

// close lets nobody in any more and returns once all who wait are answered.
func (q *hearings) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.all.Wait()
}

// stillThere leaves out those whose senders have gone.
func stillThere(batch []*hearing) []*hearing {
	return slices.DeleteFunc(slices.Clone(batch), func(h *hearing) bool { return h.ctx.Err() != nil })
}

// whileSomebodyWaits ends when all have gone: what nobody waits for is not
// worth the time.
func whileSomebodyWaits(batch []*hearing) (context.Context, func()) {
	ctx, end := context.WithCancel(context.Background())
	var left atomic.Int64
	left.Store(int64(len(batch)))
	stops := make([]func() bool, len(batch))
	for i, h := range batch {
		stops[i] = context.AfterFunc(h.ctx, func() {
			if left.Add(-1) == 0 {
				end()
			}
		})
	}
	return ctx, func() {
		for _, stop := range stops {
			stop()
		}
		end()
	}
}
