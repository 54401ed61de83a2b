package memory

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// timeToWork is now for whoever looks what to do. What waits is made to wait by
// a clock that was set back first.
func (s *Store) timeToWork(lease time.Duration) time.Time {
	now := s.now()
	if s.seen.Sub(now) >= time.Second {
		s.setBack(now, now.Add(lease))
	}
	s.seen = now
	return now
}

// setBack lets what came, or was last taken up, in the future have come, or have
// been, now.
func (s *Store) setBack(now, far time.Time) {
	for _, row := range slices.Concat(s.fresh, s.line) {
		if ahead := row.At.Sub(now); ahead > 0 {
			if !row.Due.After(row.At) || row.Kind != bot.EventKind(bot.ScheduleDue{}) {
				row.Due = row.Due.Add(-ahead)
			}
			row.At = now
		}
		if ahead := row.until.Sub(far); ahead > 0 {
			row.retryAt, row.until = row.retryAt.Add(-ahead), far
			if row.Due.After(now) {
				row.Due = now
			}
		}
	}
	for _, row := range s.open {
		if row.At.After(now) {
			if !row.Due.After(row.At) {
				row.Due = now
			}
			row.At = now
		}
		if ahead := row.until.Sub(far); ahead > 0 {
			row.Due, row.until = row.Due.Add(-ahead), far
		}
	}
}
