package when

import "time"

// A wall time is what a clock on a wall shows, without a zone. We keep it as a
// time in UTC with the same digits, because UTC's clocks are never changed.

// wallOf is what the clocks in loc show at t.
func wallOf(t time.Time, loc *time.Location) time.Time {
	t = t.In(loc)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// instantOf is the first instant at which the clocks in loc show wall. When
// they never do, because they are put forward past it, it is the first
// instant after the gap.
func instantOf(wall time.Time, loc *time.Location) time.Time {
	t := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), loc)
	start, end := t.ZoneBounds()
	switch shown := wallOf(t, loc); {
	case shown.After(wall): // read with the offset from before the gap
		return start
	case shown.Before(wall): // read with the offset from after it
		return end
	}
	return earlier(t, wall, start, loc)
}

// earlier finds the same wall time before the clocks were put back at start.
func earlier(t, wall, start time.Time, loc *time.Location) time.Time {
	if start.IsZero() {
		return t
	}
	_, offset := start.Add(-time.Nanosecond).Zone()
	twin := wall.Add(-time.Duration(offset) * time.Second).In(loc)
	if twin.Before(start) && wallOf(twin, loc).Equal(wall) {
		return twin
	}
	return t
}
