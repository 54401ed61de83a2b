package campaign

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Hands is the work that processes had in hand when they were killed, and how
// long it was until somebody took each piece over: from the kill where others are
// there, else from the moment at which the next was started.
type Hands struct {
	Letters, Effects int
	Longest          time.Duration
}

// watched are pieces that are looked at until they are taken over.
type watched struct {
	books  Books
	mu     sync.Mutex
	sum    Hands
	held   map[string]time.Time // by piece and attempt
	err    error                // of the last look that failed
	stop   context.CancelFunc
	seeing sync.WaitGroup
}

// look is how often it is looked whether a piece was taken over.
const look = 20 * time.Millisecond

// inHand names each piece of work that a process has, and the attempt at it:
// whoever takes it over makes another.
func (c Campaign) inHand(ctx context.Context, p *Process) (held []string, err error) {
	db, err := c.Books(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	all, err := pieces(ctx, db)
	for what, owner := range all {
		if p.is(owner) {
			held = append(held, what)
		}
	}
	return held, err
}

// pieces are all that is in hand, and by whom.
func pieces(ctx context.Context, db Reader) (map[string]string, error) {
	letters, err := db.Letters(ctx, bot.LetterHandling, 1000)
	if err != nil {
		return nil, err
	}
	tasks, err := db.Tasks(ctx, bot.TaskPerforming, 1000)
	if err != nil {
		return nil, err
	}
	held := map[string]string{}
	for _, l := range letters {
		held[fmt.Sprintf("%s%d, attempt %d", letter, l.Seq, l.Attempts)] = l.Owner
	}
	for _, t := range tasks {
		held[fmt.Sprintf("effect %d, attempt %d", t.Seq, t.Attempts)] = t.Owner
	}
	return held, nil
}

const letter = "delivery "

// add pieces that are to be taken over, counted from a moment.
func (h *watched) add(held []string, from time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, what := range held {
		h.held[what] = from
		if strings.HasPrefix(what, letter) {
			h.sum.Letters++
		} else {
			h.sum.Effects++
		}
	}
}

// watch notes when each piece is taken over, until end.
func watch(ctx context.Context, books Books) *watched {
	h := &watched{books: books, held: map[string]time.Time{}}
	ctx, h.stop = context.WithCancel(ctx)
	h.seeing.Go(func() {
		for ; ctx.Err() == nil; time.Sleep(look) {
			if h.left() > 0 {
				h.see(ctx)
			}
		}
	})
	return h
}

// see what is left. What is added meanwhile is not in what was read, and waits.
func (h *watched) see(ctx context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var is map[string]string
	db, err := h.books(ctx)
	if err == nil {
		is, err = pieces(ctx, db)
		err = errors.Join(err, db.Close())
	}
	if h.err = err; err != nil {
		return
	}
	for what, from := range h.held {
		if _, still := is[what]; !still {
			h.sum.Longest = max(h.sum.Longest, time.Since(from))
			delete(h.held, what)
		}
	}
}

func (h *watched) left() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.held)
}

// free waits until all is taken over.
func (h *watched) free(ctx context.Context, patience time.Duration) error {
	for end := time.Now().Add(patience); h.left() > 0; time.Sleep(look) {
		if ctx.Err() != nil || time.Now().After(end) {
			h.mu.Lock()
			defer h.mu.Unlock()
			return errors.Join(context.Cause(ctx), h.err, fmt.Errorf("what killed processes had in hand was not taken over: %v", slices.Sorted(maps.Keys(h.held))))
		}
	}
	return nil
}

// end waits for the last, looks no more, and says what there was.
func (h *watched) end(ctx context.Context, patience time.Duration) (Hands, error) {
	err := h.free(ctx, patience)
	h.stop()
	h.seeing.Wait()
	return h.sum, err
}
