package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// TryLetter has a delivery that was given up, or waits for another try, handled
// now and as often as a new one, unless it is no more as l says.
func (s *Store) TryLetter(_ context.Context, l bot.Letter, f bot.Fact) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.letters[l.Seq-1]
	waits := row.State == bot.LetterReady && row.Attempts > 0 && row.retryAt.After(s.now())
	if row.State != l.State || row.Attempts != l.Attempts || !waits && row.State != bot.LetterFailed {
		return false, nil
	}
	if row.State == bot.LetterFailed {
		row.State, row.Due, row.until, row.Tries = l.Again(), s.now(), s.now(), 0
		if row.State == bot.LetterReady {
			s.queue(row)
		} else {
			row.Due = row.At
			s.fresh = append(s.fresh, row)
			slices.SortFunc(s.fresh, func(a, b *letter) int { return cmp.Compare(a.Seq, b.Seq) })
		}
	}
	row.RetryAt, row.retryAt, row.Lapses = time.Time{}, time.Time{}, 0
	return s.pressed(f), nil
}

// TryTask has an effect that failed, or waits for another try, carried out now
// and as often as a new one, unless it is no more as t says or the newest.
func (s *Store) TryTask(_ context.Context, t bot.Task, f bot.Fact) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.tasks[t.Seq-1]
	failed := row.State == bot.TaskFailed && !row.Order
	waits := row.State == bot.TaskWaiting && row.Attempts > 0 && row.Due.After(s.now())
	if row.State != t.State || row.Attempts != t.Attempts || len(row.Body) == 0 || s.followed(row) || !failed && !waits {
		return false, nil
	}
	if failed {
		row.State, row.Tries, row.Away, row.finished = bot.TaskWaiting, 0, 0, time.Time{}
		s.open = append(s.open, row)
		slices.SortFunc(s.open, func(a, b *task) int { return cmp.Compare(a.Seq, b.Seq) })
	}
	row.Due, row.until, row.Lapses = s.now(), s.now(), 0
	return s.pressed(f), nil
}

// Decide ends the doubt about an order with what somebody said of it.
func (s *Store) Decide(_ context.Context, t bot.Task, said string, f bot.Fact) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.tasks[t.Seq-1]
	if row.State != bot.TaskDoubtful || row.Attempts != t.Attempts {
		return false, nil
	}
	row.State, row.Error, row.finished = bot.TaskDecided, said, s.now()
	return s.pressed(f), nil
}

func (s *Store) pressed(f bot.Fact) bool {
	f.At = s.now()
	s.facts = append(s.facts, f)
	return true
}
