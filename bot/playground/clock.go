package playground

import (
	"sync"
	"time"
)

// Clock stands still until it is set: stories have time of their own.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock starts at a moment.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now is the moment it was last set to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Set moves it; it never goes back.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.at) {
		c.at = at
	}
}
