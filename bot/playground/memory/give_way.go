package memory

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// supersede gives way to e. It answers 1 if what gives way was tried, and so
// may have been done unseen: whoever performs e then looks first.
func (s *Store) supersede(e bot.Effect) (tried int) {
	_, replaces := e.(bot.Replacing)
	for i := len(s.open) - 1; i >= 0; i-- {
		t := s.open[i]
		same := t.Kind == e.Kind() && t.Key == e.Key() && !t.Order
		if t.State != bot.TaskWaiting || !same && !(replaces && t.Group == group(e)) {
			continue
		}
		if same && t.Attempts > 0 {
			tried = 1
		}
		s.end(t, bot.TaskSuperseded)
	}
	return tried
}

// RetryTask puts a claimed effect back until a moment, with the tries that
// count so far. One that was overtaken meanwhile gives way instead: again is
// false.
func (s *Store) RetryTask(_ context.Context, t bot.Task, at time.Time, why string) (again bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.tasks[t.Seq-1]
	if !row.heldBy(t) {
		return false, bot.ErrConflict // the lease ran out and somebody else has it
	}
	row.State, row.Due, row.Error, row.Tries, row.Owner = bot.TaskWaiting, micros(at), why, t.Tries, ""
	return !s.giveWay(row, why), nil
}

// giveWay supersedes an effect that was tried, if one that was asked for while
// it was tried takes its place, and reports whether it did. Whoever performs
// the newer one looks first.
func (s *Store) giveWay(row *task, why string) bool {
	if !s.overtaken(row) {
		return false
	}
	row.Error = why
	s.end(row, bot.TaskSuperseded)
	for _, t := range s.open {
		if t.Kind == row.Kind && t.Key == row.Key && t.Seq > row.Seq && t.State == bot.TaskWaiting && !t.Order && t.Attempts == 0 {
			t.Attempts = 1
		}
	}
	return true
}

// overtaken reports whether a newer effect of the same kind and key waits
// behind one in its group, or one that replaces all that is before it. An
// order has no newer one: it is asked for once.
func (s *Store) overtaken(row *task) bool {
	for _, t := range s.open {
		if t.Group != row.Group || t.Seq <= row.Seq || t.State != bot.TaskWaiting {
			continue
		}
		if bot.Replaces(t.Kind) || t.Kind == row.Kind && t.Key == row.Key && !row.Order {
			return true
		}
	}
	return false
}
