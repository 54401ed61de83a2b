package playground

import (
	"context"
	"sync"
	"time"
)

// Clock is the world's time. One that stands still moves when it is set:
// stories have time of their own. One that runs does so at a speed that may
// change. Neither ever goes back.
type Clock struct {
	mu      sync.Mutex
	at      time.Time // the moment at which the speed was last set
	since   time.Time // the same by this machine's clock
	speed   float64   // world seconds a second; 0 stands still
	changed chan struct{}
}

// NewClock stands still at a moment.
func NewClock(at time.Time) *Clock { return &Clock{at: at, changed: make(chan struct{})} }

// RunningClock begins now and keeps this machine's pace.
func RunningClock() *Clock {
	c := NewClock(time.Now())
	c.since, c.speed = c.at, 1
	return c
}

// Now is the world's moment.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.speed == 0 {
		return c.at
	}
	return c.at.Add(time.Duration(float64(time.Since(c.since)) * c.speed))
}

// Set moves a clock that stands still; it never goes back.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.speed == 0 && at.After(c.at) {
		c.at = at
		c.tell()
	}
}

// Speed is how many seconds of the world pass in one; 0 when it stands still.
func (c *Clock) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

// SetSpeed lets time pass faster or slower from this moment on. Whoever waits
// waits by the new speed.
func (c *Clock) SetSpeed(speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.since, c.speed = c.now(), time.Now(), max(0, speed)
	c.tell()
}

// Skip lets so much of the world's time pass at once.
func (c *Clock) Skip(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.since = c.now().Add(max(0, d)), time.Now()
	c.tell()
}

// tell wakes all who wait, so that they look again.
func (c *Clock) tell() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// Wait lets so much of the world's time pass, or ends with ctx.
func (c *Clock) Wait(ctx context.Context, d time.Duration) {
	until := c.Now().Add(d)
	for ctx.Err() == nil {
		left, changed := c.left(until)
		if left <= 0 {
			return
		}
		t := time.NewTimer(left)
		select {
		case <-ctx.Done():
		case <-changed:
		case <-t.C:
		}
		t.Stop()
	}
}

// left is how long it is to a moment by this machine's clock, as things stand.
func (c *Clock) left(until time.Time) (time.Duration, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := until.Sub(c.now())
	switch {
	case d <= 0:
		return 0, c.changed
	case c.speed == 0:
		return time.Hour, c.changed // until it is set
	}
	return time.Duration(float64(d)/c.speed) + time.Microsecond, c.changed
}

// shortest is how often, at most, somebody idle looks whether there is work:
// looking thousands of times a second would leave no time for work.
const shortest = 25 * time.Millisecond

// After is for those who are idle and look again: they do so after d of the
// world's time, though never more often than a machine can bear.
func (c *Clock) After(d time.Duration) <-chan time.Time {
	speed := c.Speed()
	if speed > 1 {
		d = min(d, max(shortest, time.Duration(float64(d)/speed)))
	}
	return time.After(d)
}
