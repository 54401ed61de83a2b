package executor_test

import (
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
	"github.com/roundtrip-bot/roundtrip/deploy/executor/executortest"
)

// crowd puts runs of somebody else's in front of all others.
func (h *hub) crowd(t *testing.T, n int) {
	t.Helper()
	for range n {
		if _, err := h.RunWorkflow("acme/shop", "mona", "main", "nightly.yml", "Nightly"); err != nil {
			t.Fatal(err)
		}
	}
}

// inPlace is a hub whose first order is in place, and the executor of a server
// that begins after a crowd of other runs.
func inPlace(t *testing.T, since time.Time, crowd int) (*hub, executor.Executor, bot.StageOrder) {
	t.Helper()
	h := newHub(t, workflow)
	o := executortest.Order(1, 1)
	o.Since = since
	if err := h.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	h.Settle()
	h.crowd(t, crowd)
	return h, h.open(t), o
}

// TestARunIsFoundBehindManyOthers: 500 nightly runs hide no canary.
func TestARunIsFoundBehindManyOthers(t *testing.T) {
	h, again, o := inPlace(t, time.Now(), 500)
	if found, err := again.Find(t.Context(), o); err != nil || !found {
		t.Errorf("found %v, %v", found, err)
	}
	if err := again.Start(t.Context(), o); err != nil || h.Started(o.Key) != 1 {
		t.Errorf("%v, started %d times", err, h.Started(o.Key))
	}
	if err := again.Abort(t.Context(), o); err != nil {
		t.Error(err)
	}
	if sha, weight := h.Canary(); sha != "" {
		t.Errorf("the traffic stays on the canary: %s %d %%", sha, weight)
	}
}

// TestWhereTooManyRanNobodyKnows: a list that ended before the order's own
// start says neither that it was started nor that it was not.
func TestWhereTooManyRanNobodyKnows(t *testing.T) {
	h, again, o := inPlace(t, time.Now(), 1000)
	found, err := again.Find(t.Context(), o)
	if found || !errors.As(err, &bot.Doubtful{}) {
		t.Errorf("found %v, %v", found, err)
	}
	for what, err := range map[string]error{"start": again.Start(t.Context(), o), "abort": again.Abort(t.Context(), o)} {
		if !errors.As(err, &bot.Doubtful{}) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := again.Observe(t.Context(), o); err == nil || errors.Is(err, bot.ErrNotFound) {
		t.Errorf("observe: %v", err)
	}
	if h.Started(o.Key) != 1 {
		t.Errorf("started %d times", h.Started(o.Key))
	}
	// Who dispatched it has its id.
	if found, err := h.Find(t.Context(), o); err != nil || !found {
		t.Errorf("found %v, %v", found, err)
	}
}

// TestOlderRunsAreNotLookedThrough: all that ran before an order was made holds
// its start up no more.
func TestOlderRunsAreNotLookedThrough(t *testing.T) {
	h := newHub(t, workflow)
	o := executortest.Order(1, 1)
	o.Since = time.Now()
	h.now = o.Since.Add(-2 * time.Hour)
	h.crowd(t, 1000)
	h.now = time.Time{}
	if found, err := h.Find(t.Context(), o); err != nil || found {
		t.Errorf("found %v, %v", found, err)
	}
	if err := h.Start(t.Context(), o); err != nil || h.Started(o.Key) != 1 {
		t.Errorf("%v, started %d times", err, h.Started(o.Key))
	}
}
