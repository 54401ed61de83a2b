package dial

import "time"

// How long a host that does not answer is left alone.
const (
	failsToRest  = 5               // failures in a row after which it is
	shortestRest = 5 * time.Second // at first; twice as long after each trial that fails
	longestRest  = time.Minute     // at most
	urgentTrial  = 5 * time.Second // between trials for what is urgent
	mostHosts    = 1024            // of one client that are remembered
)

// circuit is what is remembered of one host.
type circuit struct {
	failures int       // in a row
	since    time.Time // when it was first left alone
	next     time.Time // when whoever comes may try again
	last     time.Time // when a trial was begun
}

// want says what a request may do to a host that rests.
type want int

const (
	usual    want = iota // waits for the next trial
	pressing             // urgent, and changes nothing: tries every few seconds
	moving               // urgent, and changes something: is always sent
)

// admit answers when a request that may not be sent may try again; zero: it
// may be sent. A request that is sent to a host that rests is a trial, and the
// next waits as if it had failed, so that nobody need say that it never ended.
func (c *circuit) admit(w want, now time.Time) time.Time {
	if c.failures < failsToRest || w == moving {
		return time.Time{}
	}
	at := c.next
	if soon := c.last.Add(urgentTrial); w == pressing && soon.Before(at) {
		at = soon
	}
	// A clock that was set back must not make a minute of an hour.
	if now.Before(at) && at.Sub(now) <= longestRest {
		return at
	}
	c.last, c.next = now, now.Add(c.rest())
	return time.Time{}
}

// ended takes note of how a request ended.
func (c *circuit) ended(answered bool, now time.Time) {
	if answered {
		*c = circuit{}
		return
	}
	if c.failures++; c.failures == failsToRest {
		c.since = now
	}
	if c.failures >= failsToRest {
		c.last, c.next = now, now.Add(c.rest())
	}
}

func (c *circuit) rest() time.Duration {
	d := shortestRest
	for range min(c.failures-failsToRest, 8) {
		d *= 2
	}
	return min(d, longestRest)
}
