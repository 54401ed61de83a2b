package memory

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// ClaimLetter takes the letter whose turn it is for longest under a lease.
func (s *Store) ClaimLetter(_ context.Context, owner string, lease time.Duration) (bot.Letter, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.timeToWork(lease)
	var next *letter
	for _, row := range s.line {
		if row.claimable(now) && (next == nil || row.sooner(next)) && s.first(row) {
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

func (row *letter) inHand() bool { return row.State == bot.LetterHandling }

func (row *letter) claimable(now time.Time) bool {
	if row.inHand() {
		return row.until.Before(now)
	}
	return !row.turn().After(now)
}

// turn is from when on it may be taken up, if it is the first of its line.
func (row *letter) turn() time.Time { return latest(row.Due, row.retryAt) }

// sooner is the order in which what may be taken up is: what was in hand of
// somebody who is gone, before what waits, and of either what does so longest.
func (row *letter) sooner(o *letter) bool {
	switch {
	case row.inHand() != o.inHand():
		return row.inHand()
	case row.inHand():
		return earlier(row.until, o.until, row.Seq < o.Seq)
	default:
		return earlier(row.turn(), o.turn(), row.Seq < o.Seq)
	}
}

// before is the order of a line: who is in hand, then when a letter was due,
// then its number.
func (row *letter) before(o *letter) bool {
	if row.inHand() != o.inHand() {
		return row.inHand()
	}
	return earlier(row.Due, o.Due, row.Seq < o.Seq)
}

func earlier(a, b time.Time, first bool) bool { return a.Before(b) || a.Equal(b) && first }

// first reports whether no letter of its subject stands before it.
func (s *Store) first(row *letter) bool {
	for _, e := range s.line {
		if e != row && e.Subject == row.Subject && e.before(row) {
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
		if !s.first(row) {
			continue
		}
		if row.inHand() {
			sooner(row.until.Add(time.Microsecond)) // the first moment after the lease
		} else {
			sooner(row.turn())
		}
	}
	for _, t := range s.open {
		if t.inHand() {
			sooner(t.until.Add(time.Microsecond))
		} else if !s.waitsForGroup(t) {
			sooner(t.Due)
		}
	}
	return at, any, nil
}

func latest(times ...time.Time) (last time.Time) {
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
