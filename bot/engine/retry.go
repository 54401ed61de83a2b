package engine

import (
	"errors"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// nextTry says how long to wait before the next try, after the tries that
// counted so far, and whether there is to be one. age is how long ago the
// first was due: nothing is given up before its tries are used and as much
// time has passed as they are meant to last.
//
// The wait doubles from one second to fifteen minutes; what the other side
// asked for is honoured instead. A conflict is tried again at once: the second
// look sees what the other saved.
func nextTry(err error, tries, most int, age time.Duration) (wait time.Duration, again bool) {
	var permanent bot.Permanent
	var asked bot.RetryAfter
	switch {
	case errors.As(err, &permanent):
		return 0, false
	case errors.Is(err, bot.ErrConflict) && tries < most:
		return 0, true
	case errors.As(err, &asked):
		return max(asked.After, time.Second), true
	}
	return backoff(tries), tries < most || age < lasting(most)
}

// counted is how many tries an error uses up: being asked to wait is no
// failure. Nor is the end of our own process, which puts nothing back.
func counted(err error) int {
	var asked bot.RetryAfter
	if errors.As(err, &asked) {
		return 0
	}
	return 1
}

// askedUntil is next, when the next try is, if somebody asked us to wait for
// it; else zero.
func askedUntil(err error, next time.Time) time.Time {
	if counted(err) == 0 {
		return next
	}
	return time.Time{}
}

// lastTry is when the last of the tries will be, if each fails at once and the
// next is at next; zero when somebody asked us to wait.
func lastTry(err error, next, begun time.Time, tries, most int) time.Time {
	if counted(err) == 0 {
		return time.Time{}
	}
	for n := tries + 1; n < most || next.Sub(begun) < lasting(most); n++ {
		next = next.Add(backoff(n))
	}
	return next
}

// lasting is how long it is from the first of most tries to the last, if each
// fails at once.
func lasting(most int) (d time.Duration) {
	for n := 1; n < most; n++ {
		d += backoff(n)
	}
	return d
}

func backoff(tries int) time.Duration {
	const longest = 15 * time.Minute
	if tries > 10 {
		return longest
	}
	return min(longest, time.Second<<max(0, tries-1))
}
