package github

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// stamp is a time as GitHub writes it: a string of RFC 3339, seconds since
// 1970, or "2018-04-25 20:42:10". What is none of these is the zero time: a
// delivery is not lost for a date, and the zero time grants nothing.
type stamp struct{ time.Time }

var stampLayouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02 15:04:05 MST", "2006-01-02T15:04:05"}

// UnmarshalJSON never fails.
func (s *stamp) UnmarshalJSON(b []byte) error {
	s.Time = time.Time{}
	text := string(bytes.Trim(b, `"`))
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		if n > 0 && n < 1<<36 { // else it is no number of seconds that GitHub means
			s.Time = time.Unix(n, 0).UTC()
		}
		return nil
	}
	for _, layout := range stampLayouts {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil && t.Year() > 0 && t.Year() < 10000 {
			s.Time = t.UTC()
			return nil
		}
	}
	return nil
}
