package memory

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// ClaimLetter takes, of the letters whose subject's turn it is, the one that
// was due first under a lease.
func (s *Store) ClaimLetter(_ context.Context, owner string, lease time.Duration) (bot.Letter, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.timeToWork(lease)
	var next *letter
	for _, row := range s.line {
		if row.claimable(now) && (next == nil || row.before(next)) && s.turn(row, now) {
			next = row
		}
	}
	if next == nil {
		return bot.Letter{}, false, nil
	}
	if next.State == bot.LetterHandling {
		next.Lapses++
	}
	next.State, next.Owner, next.until = bot.LetterHandling, owner, micros(now.Add(lease))
	next.Attempts++
	return next.Letter, true, nil
}

func (row *letter) claimable(now time.Time) bool {
	return !row.Due.After(now) && !row.retryAt.After(now) && (row.State == bot.LetterReady || row.until.Before(now))
}

// before is the order of a line: when a letter was due, then its number.
func (row *letter) before(o *letter) bool {
	return row.Due.Before(o.Due) || row.Due.Equal(o.Due) && row.Seq < o.Seq
}

// turn reports whether nothing of the letter's subject is in hand or before it.
func (s *Store) turn(row *letter, now time.Time) bool {
	for _, e := range s.line {
		if e == row || e.Subject != row.Subject {
			continue
		}
		if e.State == bot.LetterHandling && !e.until.Before(now) || !e.Due.After(now) && e.before(row) {
			return false
		}
	}
	return true
}

// NextDue is when the next thing that waits may be taken up, leases that run
// out included. It reports false when nothing waits.
func (s *Store) NextDue(context.Context) (at time.Time, any bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sooner := func(t time.Time) {
		if !any || t.Before(at) {
			at, any = t, true
		}
	}
	for _, row := range s.fresh {
		sooner(row.At)
	}
	for _, row := range s.line {
		if !s.behind(row) {
			sooner(latest(row.Due, row.retryAt, expires(row.State == bot.LetterHandling, row.until)))
		}
	}
	for _, t := range s.open {
		if !s.waitsForGroup(t) {
			sooner(latest(t.Due, expires(t.State == bot.TaskPerforming, t.until)))
		}
	}
	return at, any, nil
}

func (s *Store) behind(row *letter) bool {
	for _, e := range s.line {
		if e != row && e.Subject == row.Subject && e.before(row) {
			return true
		}
	}
	return false
}

// expires is the first moment after a lease; zero without one.
func expires(held bool, until time.Time) time.Time {
	if !held {
		return time.Time{}
	}
	return until.Add(time.Microsecond)
}

func latest(times ...time.Time) (last time.Time) {
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
