package playground

import (
	"testing"
	"time"
)

// A webhook is overdue after an hour in which GitHub was not broken, whatever
// else was broken and mended meanwhile.
func TestOverdueGoesByGitHubsSwitches(t *testing.T) {
	clock := NewClock(time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC))
	w, err := New(t.Context(), Options{Clock: clock, Inside: true})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	sent := w.Now()
	for _, at := range []struct {
		after   time.Duration
		name    string
		on      bool
		overdue bool
	}{
		{10 * time.Minute, "github", true, false},
		{2 * time.Hour, "github", true, false},
		{2 * time.Minute, "github", false, false},
		{50 * time.Minute, "slack", true, false},
		{11 * time.Minute, "slack", false, true},
		{time.Minute, "metrics", true, true},
	} {
		w.Advance(w.Now().Add(at.after))
		if err := w.Break(at.name, at.on); err != nil {
			t.Fatal(err)
		}
		if got := w.overdue(sent); got != at.overdue {
			t.Errorf("after %s was %v at %s: overdue %v", at.name, at.on, w.Now().Format("15:04"), got)
		}
	}
}
