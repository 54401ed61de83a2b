package playground

import (
	"fmt"
	"strconv"
	"time"
)

// coach is what the page shows of the tour.
type coach struct {
	Acts  []coachAct
	N     int // the act in view, from 1
	Act   act
	At    int // steps done
	Step  *step
	Fill  string // address that fills the box with the step's line
	Go    string // address of the change that the step is about; empty when it is in view
	Next  string // address of the next act, when this one is done
	Clock *redClock
}

type coachAct struct {
	Title string
	Done  bool
	Path  string
}

// redClock is how long main has been red, against the ten minutes that a team
// gives itself.
type redClock struct {
	Seconds, Of int
	Red, Left   string
}

func (w *World) coach(v view) coach {
	s := w.notice()
	w.mu.Lock()
	done := w.tour.done
	w.mu.Unlock()
	all := acts(s)
	c := coach{N: actInView(v, all), Clock: clockSince(s.red, w.Now())}
	for i, a := range all {
		c.Acts = append(c.Acts, coachAct{a.Title, done[i] >= len(a.Steps), linkTo(v, "act", strconv.Itoa(i+1))})
	}
	c.Act, c.At = all[c.N-1], done[c.N-1]
	if c.At < len(c.Act.Steps) {
		c.Step = &c.Act.Steps[c.At]
		c.point(v)
	} else if c.N < len(all) {
		c.Next = c.Acts[c.N].Path
	}
	return c
}

// point links the step to where it is done.
func (c *coach) point(v view) {
	if c.Step.On == 0 {
		return
	}
	on := strconv.Itoa(c.Step.On)
	if on != v.Change {
		c.Go = linkTo(v, "change", on)
	}
	v.Change = on
	c.Fill = linkTo(v, "fill", c.Step.Line)
}

// actInView is the one that was chosen, or the first: what an act ends with is
// read before the next begins.
func actInView(v view, all []act) int {
	if n, err := strconv.Atoi(v.Act); err == nil && n >= 1 && n <= len(all) {
		return n
	}
	return 1
}

const redTarget = 10 * time.Minute

func clockSince(red, now time.Time) *redClock {
	if red.IsZero() {
		return nil
	}
	d := now.Sub(red).Truncate(time.Second)
	c := &redClock{Seconds: int(min(d, redTarget).Seconds()), Of: int(redTarget.Seconds()), Red: minutes(d), Left: minutes(redTarget-d) + " left"}
	if d > redTarget {
		c.Left = minutes(d-redTarget) + " over"
	}
	return c
}

func minutes(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}
