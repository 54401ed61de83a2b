package dial

import (
	"testing"
	"time"
)

var noon = time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)

// A host that does not answer is asked five times, and then ever more seldom,
// until it answers.
func TestWhoDoesNotAnswerIsLeftAlone(t *testing.T) {
	var c circuit
	var asked []time.Duration
	for d := time.Duration(0); d < 4*time.Minute; d += time.Second {
		if c.admit(usual, noon.Add(d)).IsZero() {
			asked = append(asked, d/time.Second)
			c.ended(false, noon.Add(d))
		}
	}
	want := []time.Duration{0, 1, 2, 3, 4, 9, 19, 39, 79, 139, 199}
	if !equal(asked, want) {
		t.Errorf("asked after %d seconds, not %d", asked, want)
	}
	c.ended(true, noon)
	if at := c.admit(usual, noon); !at.IsZero() || c != (circuit{}) {
		t.Errorf("it answered, and is asked again at %v", at)
	}
}

func equal(a, b []time.Duration) bool {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return false
		}
	}
	return true
}

func resting() (c circuit) {
	for range 12 {
		c.ended(false, noon)
	}
	return c
}

// One trial is sent while it is not known how it ends, and all others learn
// when there is the next.
func TestOneTrialAtATime(t *testing.T) {
	c := resting()
	if at := c.admit(usual, noon.Add(59*time.Second)); !at.Equal(noon.Add(time.Minute)) {
		t.Errorf("asked again at %v", at)
	}
	trial := noon.Add(time.Minute)
	if at := c.admit(usual, trial); !at.IsZero() {
		t.Errorf("the trial waits until %v", at)
	}
	if at := c.admit(usual, trial.Add(time.Second)); !at.Equal(trial.Add(time.Minute)) {
		t.Errorf("the next trial is at %v", at)
	}
}

func TestWhatIsUrgentWaitsLess(t *testing.T) {
	c := resting()
	if at := c.admit(moving, noon); !at.IsZero() {
		t.Errorf("going back waits until %v", at)
	}
	if at := c.admit(pressing, noon.Add(time.Second)); !at.Equal(noon.Add(urgentTrial)) {
		t.Errorf("what is urgent may ask at %v", at)
	}
	if at := c.admit(pressing, noon.Add(urgentTrial)); !at.IsZero() {
		t.Errorf("what is urgent waits until %v", at)
	}
	if at := c.admit(pressing, noon.Add(urgentTrial+time.Second)); !at.Equal(noon.Add(2 * urgentTrial)) {
		t.Errorf("the next one that is urgent may ask at %v", at)
	}
}

func TestAClockThatIsSetBackKeepsNobodyWaiting(t *testing.T) {
	c := resting()
	if at := c.admit(usual, noon.Add(-time.Hour)); !at.IsZero() {
		t.Errorf("asked again at %v", at)
	}
}
