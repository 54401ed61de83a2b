package engine

import (
	"errors"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// nextTry says how long to wait before the next attempt, after the attempts
// so far, and whether there is to be one.
//
// The wait doubles from one second to fifteen minutes; what the other side
// asked for is honoured when it is longer. A conflict is tried again at once:
// the second look sees what the other saved.
func nextTry(err error, attempts, most int) (wait time.Duration, again bool) {
	var permanent bot.Permanent
	var asked bot.RetryAfter
	switch {
	case errors.As(err, &permanent):
		return 0, false
	case errors.Is(err, bot.ErrConflict) && attempts < most:
		return 0, true
	case errors.As(err, &asked):
		return max(asked.After, time.Second), true // being asked to wait is no failure
	}
	return backoff(attempts), attempts < most
}

// lastTry is when the last of the attempts will be, if each fails at once and
// the next is at next; zero when somebody asked us to wait: that is no failure
// and is not counted.
func lastTry(err error, next time.Time, attempts, most int) time.Time {
	var asked bot.RetryAfter
	if errors.As(err, &asked) {
		return time.Time{}
	}
	for n := attempts + 1; n < most; n++ {
		next = next.Add(backoff(n))
	}
	return next
}

func backoff(attempts int) time.Duration {
	const longest = 15 * time.Minute
	if attempts > 10 {
		return longest
	}
	return min(longest, time.Second<<max(0, attempts-1))
}
