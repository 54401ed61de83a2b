package memory

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// ask puts an effect into the outbox. Of the waiting ones of its kind and key
// the newest wins; an order is asked for once, for ever.
func (s *Store) ask(a bot.Ask) {
	var old gaveWay
	if a.State != bot.TaskHeld { // what is not done takes nobody's place
		old = s.supersede(a)
	}
	key := [2]string{a.Kind, a.Key}
	if slices.ContainsFunc(s.byKey[key], func(t *task) bool { return t.Cause == a.Cause || a.Order && t.Order }) {
		return
	}
	row := &task{priority: a.Priority, place: old.place, Task: a.Task}
	row.Seq, row.At, row.Due, row.Attempts, row.Tries, row.Away = int64(len(s.tasks)+1), s.now(), s.now(), old.tried, old.tries, old.away
	if !old.at.IsZero() {
		row.At, row.Due = old.at, old.at
	}
	s.tasks, s.byKey[key] = append(s.tasks, row), append(s.byKey[key], row)
	if a.State == bot.TaskWaiting {
		s.open = append(s.open, row)
	}
}

// ClaimTask takes the most pressing due effect of the kinds under a lease, of
// equals the oldest, unless an older one of its group is still open.
func (s *Store) ClaimTask(_ context.Context, owner string, kinds []string, lease time.Duration) (bot.Task, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.timeToWork(lease)
	row := s.nextTask(kinds, now)
	for row != nil && row.State == bot.TaskPerforming && s.giveWay(row, row.Error) {
		row = s.nextTask(kinds, now)
	}
	if row == nil {
		return bot.Task{}, false, nil
	}
	lapsed := row.State == bot.TaskPerforming
	if lapsed {
		row.Lapses++
	}
	row.State, row.Owner, row.until = bot.TaskPerforming, owner, micros(now.Add(lease))
	row.Attempts, row.again = row.Attempts+1, false
	t := row.Task
	t.Lapsed = lapsed
	return t, true, nil
}

func (s *Store) nextTask(kinds []string, now time.Time) (next *task) {
	for _, t := range s.open {
		if t.claimable(now) && (next == nil || t.sooner(next)) && slices.Contains(kinds, t.Kind) && !s.waitsForGroup(t) {
			next = t
		}
	}
	return next
}

func (row *task) inHand() bool { return row.State == bot.TaskPerforming }

func (row *task) claimable(now time.Time) bool {
	if row.inHand() {
		return row.until.Before(now)
	}
	return !row.Due.After(now)
}

// sooner is the order in which what may be taken up is: the most pressing first,
// of that what was in hand of somebody who is gone, before what waits, and of equals
// what may be for longest.
func (row *task) sooner(o *task) bool {
	switch {
	case row.priority != o.priority:
		return row.priority < o.priority
	case row.inHand() != o.inHand():
		return row.inHand()
	case row.inHand():
		return earlier(row.until, o.until, row.Seq < o.Seq)
	default:
		return earlier(row.Due, o.Due, row.Seq < o.Seq)
	}
}

// waitsForGroup reports whether another of its group is before it: in hand, or
// asked for before it.
func (s *Store) waitsForGroup(t *task) bool {
	return slices.ContainsFunc(s.open, func(e *task) bool {
		return e != t && e.Group == t.Group && (e.inHand() && !t.inHand() || e.inHand() == t.inHand() && e.stands() < t.stands())
	})
}

// FinishTask ends a claimed effect in state and, where a receipt is to be
// kept, keeps it; tell, if there is one, is heard.
func (s *Store) FinishTask(_ context.Context, t bot.Task, tell bot.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	row := s.tasks[t.Seq-1]
	if !row.heldBy(t) {
		return bot.ErrConflict // the lease ran out and somebody else has it
	}
	row.Receipt, row.Error = t.Receipt, t.Error
	hash := t.Hash
	if row.again && (t.State == bot.TaskDone || t.State == bot.TaskUnchanged) {
		row.State, row.Owner, row.Tries, row.Away, hash = bot.TaskWaiting, "", 0, 0, ""
	} else {
		s.end(row, t.State)
	}
	if t.State == bot.TaskDone {
		s.receipts[[2]string{t.Kind, t.Key}] = receipt{t.Receipt, hash}
	}
	return s.hearOurs(fmt.Sprintf("settled/%d", t.Seq), tell)
}

func (row *task) heldBy(t bot.Task) bool {
	return row.State == bot.TaskPerforming && row.Owner == t.Owner && row.Attempts == t.Attempts
}

// end ends an effect that was open.
func (s *Store) end(row *task, state string) {
	row.State, row.finished, row.Owner = state, s.now(), ""
	s.open = without(s.open, row)
}

// Receipt is what was last written under a kind and key, and its hash.
func (s *Store) Receipt(_ context.Context, kind, key string) (bot.Receipt, string, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.receipts[[2]string{kind, key}]
	return r.Receipt, r.hash, ok, nil
}
