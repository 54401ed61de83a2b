package executor_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
	"github.com/roundtrip-bot/roundtrip/deploy/executor/executortest"
)

// slowList is a hub where the list of runs does not come for one service.
type slowList struct {
	executor.Workflows
	asked chan struct{}
}

type slowly struct{}

func (s slowList) Dispatched(ctx context.Context, repo bot.RepoRef, since time.Time, more func(bot.WorkflowRun) bool) error {
	if ctx.Value(slowly{}) == nil {
		return s.Workflows.Dispatched(ctx, repo, since, more)
	}
	s.asked <- struct{}{}
	<-ctx.Done()
	return ctx.Err()
}

// TestSlotsDoNotWaitForEachOther: while runs are looked through for one slot,
// others go on, and who waits for that one may stop waiting.
func TestSlotsDoNotWaitForEachOther(t *testing.T) {
	h := newHub(t, workflow)
	slow := slowList{inHub{h.client(t).Workflows(), h}, make(chan struct{})}
	x := openActions(t, slow)
	long, stop := context.WithCancel(context.WithValue(t.Context(), slowly{}, true))
	ended := make(chan error)
	go func() { ended <- x.Start(long, executortest.Order(1, 1)) }()
	<-slow.asked

	other := executortest.Order(1, 1)
	other.Service, other.Environment = "other", "elsewhere"
	other.Key = other.Slot() + "/1"
	if err := x.Start(t.Context(), other); err != nil || h.Started(other.Key) != 1 {
		t.Errorf("another slot: %v, started %d times", err, h.Started(other.Key))
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := x.Start(gone, executortest.Order(2, 2)); !errors.Is(err, context.Canceled) {
		t.Errorf("who stopped waiting: %v", err)
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the slow one: %v", err)
	}
	if err := x.Start(t.Context(), executortest.Order(1, 1)); err != nil {
		t.Errorf("after it: %v", err)
	}
}
