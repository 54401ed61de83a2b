package handlers

import (
	"strings"
	"testing"
	"time"
)

// What somebody deployed does not start by its merge as well, whichever of the
// two is heard first and whatever became of it.
func TestWhatWasSentByHandDoesNotStartByItsMerge(t *testing.T) {
	deployed := func(x *street) { x.says(t, 1, "/deploy production") }
	stopped := func(x *street) { deployed(x); x.says(t, 1, "/abort") }
	merges := func(x *street) { x.merges(t, merged(1, x.now)) }
	for name, tc := range map[string]struct {
		live bool
		acts []func(*street)
	}{
		"deployed, then the merge is heard": {true, []func(*street){deployed, merges}},
		"merged, then deployed":             {true, []func(*street){merges, deployed}},
		"stopped, then the merge is heard":  {false, []func(*street){stopped, merges}},
		"merged, then stopped":              {false, []func(*street){merges, stopped}},
	} {
		x := newBelt()
		x.changes[1] = merged(1, x.now)
		for _, act := range tc.acts {
			act(x)
		}
		x.pass(t, time.Hour)
		slot, _ := x.slot(t)
		if slot.Count != 1 || (slot.Live != nil && slot.Live.Release.SHA == teaSHA(101)) != tc.live {
			t.Errorf("%s: %d rollouts, live is %+v", name, slot.Count, slot.Live)
		}
	}
}

// A merge that was told that it waits is told that it was sent meanwhile.
func TestAMergeThatWaitsHearsThatItWasSent(t *testing.T) {
	x := newBelt()
	x.wrongFile(t, "3:1: stagse: unknown key")
	x.merges(t, merged(1, x.now))
	x.pass(t, 5*time.Minute)
	x.wrongFile(t)
	x.says(t, 1, "/deploy production")
	x.pass(t, time.Hour)
	if slot, _ := x.slot(t); slot.Count != 1 || !strings.Contains(x.told(1), "was sent to production meanwhile") {
		t.Errorf("%d rollouts; it is told %q", slot.Count, x.told(1))
	}
}
