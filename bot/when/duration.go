package when

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// MaxDuration is the longest duration that a setting may ask for: 90 days.
// Longer ones were typing errors wherever we looked.
const MaxDuration = 90 * 24 * time.Hour

// ParseDuration reads a whole number and one unit: 90s, 10m, 4h, 7d. A day is
// 24 hours. The duration is more than zero and at most MaxDuration.
func ParseDuration(s string) (time.Duration, error) {
	d, err := ParseDelay(s)
	if err == nil && d == 0 {
		return 0, fmt.Errorf("%q must be more than zero", s)
	}
	return d, err
}

// ParseDelay is ParseDuration for waits that may also be none: 0m.
func ParseDelay(s string) (time.Duration, error) {
	unit, err := unitOf(s)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 32)
	if err != nil || s[0] == '+' {
		return 0, malformed(s)
	}
	if n > uint64(MaxDuration/unit) {
		return 0, fmt.Errorf("%q is longer than 90d", s)
	}
	return time.Duration(n) * unit, nil
}

func unitOf(s string) (time.Duration, error) {
	if len(s) < 2 || len(s) > 12 {
		return 0, malformed(s)
	}
	switch s[len(s)-1] {
	case 's':
		return time.Second, nil
	case 'm':
		return time.Minute, nil
	case 'h':
		return time.Hour, nil
	case 'd':
		return 24 * time.Hour, nil
	}
	return 0, malformed(s)
}

func malformed(s string) error {
	return fmt.Errorf("%s is not a duration", quote(s))
}

// FormatDuration writes d as ParseDelay reads it, in its largest whole unit.
// What is finer than a second is cut off.
func FormatDuration(d time.Duration) string {
	for _, u := range []struct {
		of   time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if d >= u.of && d%u.of == 0 {
			return strconv.FormatInt(int64(d/u.of), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(d/time.Second), 10) + "s"
}

// quote shows a stranger's text: escaped, and not too much of it.
func quote(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strconv.Quote(s)
}
