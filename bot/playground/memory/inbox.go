package memory

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Hear stores a delivery. It reports false for one whose id is known: a repeat
// changes nothing.
func (s *Store) Hear(_ context.Context, l bot.Letter) (fresh bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hear(l), nil
}

func (s *Store) hear(l bot.Letter) (fresh bool) {
	if s.byID[l.ID] != nil {
		return false
	}
	now := s.now()
	s.fresh = append(s.fresh, s.add(bot.Letter{ID: l.ID, Source: l.Source, Name: l.Name, Body: l.Body, At: now, Due: now, State: bot.LetterNew}))
	return true
}

func (s *Store) add(l bot.Letter) *letter {
	l.Seq = int64(len(s.letters) + 1)
	row := &letter{Letter: l}
	s.letters, s.byID[l.ID] = append(s.letters, row), row
	return row
}

// NextNew is the oldest letter that nobody has opened.
func (s *Store) NextNew(context.Context) (bot.Letter, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.fresh) == 0 {
		return bot.Letter{}, false, nil
	}
	return s.fresh[0].Letter, true, nil
}

// Sort puts an opened letter in its subject's line, or lays it aside. One that
// somebody else has sorted stays as it is.
func (s *Store) Sort(_ context.Context, l bot.Letter) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.letters[l.Seq-1]
	if row.State != bot.LetterNew {
		return nil
	}
	row.State, row.Kind, row.Subject, row.Event, row.Error = l.State, l.Kind, l.Subject, l.Event, l.Error
	s.fresh = without(s.fresh, row)
	if row.State == bot.LetterReady {
		s.queue(row)
	}
	return nil
}

// queue keeps the line in the order of its letters' numbers.
func (s *Store) queue(row *letter) {
	i, _ := slices.BinarySearchFunc(s.line, row.Seq, func(l *letter, seq int64) int { return int(l.Seq - seq) })
	s.line = slices.Insert(s.line, i, row)
}

// RetryLetter puts a claimed letter back until a moment, with the tries that
// count so far; tell, if there is one, is heard.
func (s *Store) RetryLetter(_ context.Context, l bot.Letter, at time.Time, why string, tell bot.Event) error {
	return s.settle(l, bot.LetterReady, at, why, "stuck/"+l.ID, tell)
}

// FailLetter gives a claimed letter up; its subject goes on.
func (s *Store) FailLetter(_ context.Context, l bot.Letter, why string, tell bot.Event) error {
	return s.settle(l, bot.LetterFailed, time.Time{}, why, "given-up/"+l.ID, tell)
}

func (s *Store) settle(l bot.Letter, state string, at time.Time, why, id string, tell bot.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.letters[l.Seq-1]
	if !row.heldBy(l) {
		return bot.ErrConflict
	}
	row.RetryAt = micros(at)
	row.State, row.retryAt, row.Error, row.Tries, row.Owner = state, micros(at), why, l.Tries, ""
	if state == bot.LetterFailed {
		s.line = without(s.line, row)
	}
	return s.hearOurs(id, tell)
}

// heldBy reports whether a claim is still the one under which a letter is.
func (row *letter) heldBy(l bot.Letter) bool {
	return row.State == bot.LetterHandling && row.Owner == l.Owner && row.Attempts == l.Attempts
}

// hearOurs stores an event of our own making; nil is nothing.
func (s *Store) hearOurs(id string, e bot.Event) error {
	if e == nil {
		return nil
	}
	kind, body, err := bot.EncodeEvent(e)
	if err != nil {
		return err
	}
	s.wake(id, "ours", kind, e.Subject(), body, s.now())
	return nil
}

// wake is an event of ours for later. The newest of an id counts, until one of
// them has its turn.
func (s *Store) wake(id, source, kind, subject string, event []byte, due time.Time) {
	if row := s.byID[id]; row != nil {
		if row.State == bot.LetterReady && row.Attempts == 0 {
			row.At, row.Due, row.Event, row.Body = s.now(), due, event, event
		}
		return
	}
	s.queue(s.add(bot.Letter{
		ID: id, Source: source, Name: kind, Body: event, At: s.now(), Due: due, State: bot.LetterReady, Kind: kind, Subject: subject, Event: event,
	}))
}

// Letter finds a delivery by its id.
func (s *Store) Letter(_ context.Context, id string) (bot.Letter, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if row := s.byID[id]; row != nil {
		return row.Letter, true, nil
	}
	return bot.Letter{}, false, nil
}

// Known are those of some ids under which a delivery was heard.
func (s *Store) Known(_ context.Context, ids []string) (map[string]bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := map[string]bool{}
	for _, id := range ids {
		if s.byID[id] != nil {
			known[id] = true
		}
	}
	return known, nil
}

// Letters in a state, newest first, at most limit.
func (s *Store) Letters(ctx context.Context, state string, limit int) ([]bot.Letter, error) {
	return s.LettersBefore(ctx, state, math.MaxInt64, limit)
}

// LettersBefore are those of Letters with a smaller Seq.
func (s *Store) LettersBefore(_ context.Context, state string, before int64, limit int) (list []bot.Letter, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range slices.Backward(s.letters) {
		if row.State == state && row.Seq < before && len(list) < limit {
			list = append(list, row.Letter)
		}
	}
	return list, nil
}

func without[T comparable](list []T, one T) []T {
	if i := slices.Index(list, one); i >= 0 {
		return slices.Delete(list, i, i+1)
	}
	return list
}
