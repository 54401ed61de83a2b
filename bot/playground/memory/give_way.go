package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// gaveWay is what is left of what a newer effect took the place of, as in bot/store.
type gaveWay struct {
	tried int   // 1 if any was, and so may have been done unseen
	place int64 // of the oldest; 0: none
	at    time.Time
	tries int
	away  int
}

// supersede gives way to a. Whoever performs a looks first, if any of it was tried.
func (s *Store) supersede(a bot.Ask) (old gaveWay) {
	for i := len(s.open) - 1; i >= 0; i-- {
		t := s.open[i]
		same := t.Kind == a.Kind && t.Key == a.Key && !t.Order
		if t.State != bot.TaskWaiting || !same && !(a.Replaces && t.Group == a.Group) {
			continue
		}
		if same && t.Attempts > 0 {
			old.tried = 1
		}
		if same && t.Group == a.Group {
			old.from(t, a.Hash)
		}
		s.end(t, bot.TaskSuperseded)
	}
	return old
}

// from is what is left of one more, for an effect with a hash.
func (old *gaveWay) from(t *task, hash string) {
	if old.place == 0 || t.stands() < old.place {
		old.place = t.stands()
	}
	if old.at.IsZero() || t.At.Before(old.at) {
		old.at = t.At
	}
	tries, away := t.HandOn(hash)
	old.tries, old.away = max(old.tries, tries), max(old.away, away)
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
	row.State, row.Due, row.Error, row.Tries, row.Away, row.Owner = bot.TaskWaiting, micros(at), why, t.Tries, t.Away, ""
	return !s.giveWay(row, why), nil
}

// WriteAgain has the last word on what t was about carried out once more, as
// bot/store does.
func (s *Store) WriteAgain(_ context.Context, t bot.Task) error {
	which := bot.AnewOf(t.Kind)
	if which == bot.Nothing {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.lastWord(t, which)
	key := [2]string{row.Kind, row.Key}
	if r, ok := s.receipts[key]; ok {
		s.receipts[key] = receipt{r.Receipt, ""}
	}
	if row.Order || len(row.Body) == 0 || which == bot.NewestIfLast && s.followed(row) {
		return nil
	}
	switch row.State {
	case bot.TaskDone, bot.TaskUnchanged:
		s.open = append(s.open, row)
		slices.SortFunc(s.open, func(a, b *task) int { return cmp.Compare(a.Seq, b.Seq) })
		row.State, row.Due, row.until, row.finished, row.Tries, row.Away = bot.TaskWaiting, s.now(), s.now(), time.Time{}, 0, 0
	case bot.TaskPerforming:
		row.again = true
	case bot.TaskWaiting:
	default:
		return nil
	}
	row.Attempts = max(1, row.Attempts) // whoever takes it up looks first
	return nil
}

// lastWord is the newest effect of t's kind and key, or group, that is not
// held.
func (s *Store) lastWord(t bot.Task, which bot.Anew) *task {
	for _, row := range slices.Backward(s.tasks[t.Seq-1:]) {
		same := row.Key == t.Key || which == bot.NewestOfGroup && row.Group == t.Group
		if row.Kind == t.Kind && same && row.State != bot.TaskHeld {
			return row
		}
	}
	return s.tasks[t.Seq-1]
}

// followed reports whether a later effect of its group was asked for.
func (s *Store) followed(row *task) bool {
	return slices.ContainsFunc(s.tasks[row.Seq:], func(n *task) bool { return n.Group == row.Group && n.State != bot.TaskHeld })
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
		if t.Kind == row.Kind && t.Key == row.Key && t.Group == row.Group && t.Seq > row.Seq && t.State == bot.TaskWaiting && !t.Order {
			t.Attempts, t.place = max(t.Attempts, 1), row.stands()
			if !t.Due.After(t.At) {
				t.Due = row.At
			}
			tries, away := row.HandOn(t.Hash)
			t.At, t.Tries, t.Away = row.At, max(t.Tries, tries), max(t.Away, away)
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
