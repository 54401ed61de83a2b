package executor

import (
	"context"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// actionsSlot is where one thing is done at a time: looking through long lists
// of runs takes a while, which other slots and tenants need not wait for. Who
// is in it knows what was dispatched there.
type actionsSlot struct {
	w    Workflows
	now  func() time.Time
	busy chan struct{} // holds one while somebody is in it

	sent map[string]sent // by the name of what was dispatched, while it may not be listed yet
	told map[int64]bool  // whose failure was told
}

// sent is a run that was dispatched, or may have been.
type sent struct {
	run
	sure bool
}

// enter waits until nobody else is in an order's slot, or ctx ends.
func (x *actions) enter(ctx context.Context, o bot.StageOrder) (*actionsSlot, error) {
	s := x.slot(o.Slot())
	select {
	case s.busy <- struct{}{}:
		return s, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for another order in the place of %s: %w", o.Key, ctx.Err())
	}
}

func (x *actionsSlot) leave() { <-x.busy }

func (x *actions) slot(name string) *actionsSlot {
	x.mu.Lock()
	defer x.mu.Unlock()
	s, ok := x.slots[name]
	if !ok {
		s = &actionsSlot{w: x.w, now: x.now, busy: make(chan struct{}, 1), sent: map[string]sent{}, told: map[int64]bool{}}
		x.slots[name] = s
	}
	return s
}
