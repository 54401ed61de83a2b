package memory

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Doc reads the document of a key into doc. It reports false, and changes
// nothing, when there is none.
func (s *Store) Doc(_ context.Context, key string, doc interface{ SetVersion(int) }) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.docs[key]
	if !ok {
		return false, nil
	}
	return true, d.into(key, doc)
}

// Keys of the documents that begin with prefix, in order.
func (s *Store) Keys(_ context.Context, prefix string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return below(s.docs, prefix), nil
}

func below[T any](m map[string]T, prefix string) (keys []string) {
	for key := range maps.Keys(m) {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// Held reads the documents that hold a claim which begins with prefix, in the
// order of the claims: each into what next gives.
func (s *Store) Held(_ context.Context, prefix string, next func() interface{ SetVersion(int) }) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, claim := range below(s.holders, prefix) {
		key := s.holders[claim]
		if err := s.docs[key].into(key, next()); err != nil {
			return err
		}
	}
	return nil
}

// Holder is the document that holds a claim, or "".
func (s *Store) Holder(_ context.Context, claim string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.holders[claim], nil
}

// Facts of the ledger, oldest first by the order in which they were learned.
func (s *Store) Facts(_ context.Context, q bot.FactQuery) (list []bot.Fact, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.facts {
		if meant(q, f) {
			list = append(list, f)
		}
	}
	if q.Last > 0 && len(list) > q.Last {
		list = list[len(list)-q.Last:]
	}
	return list, nil
}

func meant(q bot.FactQuery, f bot.Fact) bool {
	return (q.Repo.ID == 0 || q.Repo.Key() == f.Repo.Key()) &&
		(len(q.Kinds) == 0 || slices.Contains(q.Kinds, f.Kind)) &&
		(q.Subject == "" || q.Subject == f.Subject) &&
		(q.From.IsZero() || !f.At.Before(micros(q.From))) && (q.To.IsZero() || f.At.Before(micros(q.To)))
}

// VerifyLedger has nothing to say: nobody can change a fact here.
func (s *Store) VerifyLedger(context.Context) error { return nil }

// Tasks of the outbox, newest first, at most limit; state "" is any.
func (s *Store) Tasks(_ context.Context, state string, limit int) ([]bot.Task, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return newest(s.tasks, limit, func(t *task) bool { return state == "" || t.State == state }), nil
}

// TasksBefore are those of a state with a smaller Seq, newest first, at most
// limit.
func (s *Store) TasksBefore(_ context.Context, state string, before int64, limit int) ([]bot.Task, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return newest(s.tasks, limit, func(t *task) bool { return t.State == state && t.Seq < before }), nil
}

// TasksOf one kind and key, newest first, at most limit.
func (s *Store) TasksOf(_ context.Context, kind, key string, limit int) ([]bot.Task, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return newest(s.byKey[[2]string{kind, key}], limit, func(*task) bool { return true }), nil
}

func newest(rows []*task, limit int, meant func(*task) bool) (list []bot.Task) {
	for _, row := range slices.Backward(rows) {
		if len(list) < limit && meant(row) {
			list = append(list, row.Task)
		}
	}
	return list
}

// Count of the rows of both boxes by state.
func (s *Store) Count(context.Context) (inbox, outbox map[string]int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	inbox, outbox = map[string]int{}, map[string]int{}
	for _, row := range s.letters {
		inbox[row.State]++
	}
	for _, row := range s.tasks {
		outbox[row.State]++
	}
	return inbox, outbox, nil
}

// Tally counts the letters by source and state, and the effects by state.
func (s *Store) Tally(context.Context) (list []bot.Tally, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := map[bot.Tally]int{}
	for _, row := range s.letters {
		n[bot.Tally{Source: row.Source, State: row.State, At: s.now()}]++
	}
	for _, row := range s.tasks {
		n[bot.Tally{Outbox: true, State: row.State, At: s.now()}]++
	}
	for t, n := range n {
		t.N = n
		list = append(list, t)
	}
	return list, nil
}

// Backlog is how far behind we are.
func (s *Store) Backlog(context.Context) (b bot.Backlog, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range slices.Concat(s.fresh, s.line) {
		if !row.Due.After(s.now()) && (b.Letter.IsZero() || row.Due.Before(b.Letter)) {
			b.Letter = row.Due
		}
		if row.State == bot.LetterReady && row.Attempts > 0 {
			b.Letters++
		}
	}
	for _, row := range s.open {
		if b.Task.IsZero() || row.At.Before(b.Task) {
			b.Task = row.At
		}
		if row.State == bot.TaskWaiting && row.Attempts > 0 {
			b.Effects++
		}
	}
	return b, nil
}

// Retrying counts the letters that were tried in vain and wait for another try.
func (s *Store) Retrying(context.Context) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range s.line {
		if row.State == bot.LetterReady && row.Attempts > 0 {
			n++
		}
	}
	return n, nil
}
