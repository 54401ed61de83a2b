package store

import (
	"context"
	"slices"
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

// shareStored is how many of the first deliveries share a commit.
func shareStored(list []*hearing) int { return share(list, together) }

// share is how many of the first share a commit, which takes so many at most.
func share(list []*hearing, most int) (n int) {
	for size := 0; n < min(len(list), most, together) && (n == 0 || size+len(list[n].Body) <= togetherBytes); n++ {
		size += len(list[n].Body)
	}
	return n
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
