package store

import (
	"context"
	"math"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// setBackBy is by how much a clock that was set back is noticed. By less it
// keeps nobody waiting.
const setBackBy = time.Second

// never is later than any moment: a process that has just begun does not know
// whether the clock was set back while there was none.
const never = math.MaxInt64

// timeToWork is Now for whoever looks what to do. When that is earlier than
// what was seen before, the clock was set back, and what waits is made to wait
// by the new one first.
func (s *Store) timeToWork(ctx context.Context, lease time.Duration) (time.Time, error) {
	seen := s.seen.Load() // before the clock is asked: an answer that is read late is no clock that was set back
	now, err := s.Now(ctx)
	if err != nil {
		return now, err
	}
	is := micros(now)
	switch {
	case is >= seen:
		s.seen.CompareAndSwap(seen, is)
	case seen == never, seen-is >= setBackBy.Microseconds():
		err = s.setBackOnce(ctx, seen, now, lease)
	}
	return now, err
}

// setBackOnce does so, unless another loop of this process did meanwhile: it
// reads all that is open.
func (s *Store) setBackOnce(ctx context.Context, seen int64, now time.Time, lease time.Duration) error {
	s.settingBack.Lock()
	defer s.settingBack.Unlock()
	if s.seen.Load() != seen {
		return nil
	}
	err := s.setBack(ctx, now, lease)
	if err == nil { // whose turn it is of that, also where another process died before it settled it
		_, err = s.LineUp(ctx)
	}
	if err == nil {
		s.seen.CompareAndSwap(seen, micros(now))
	}
	return err
}

// What a clock that was set back leaves in the future. What came, or was asked
// for, later than now ($1) did so now, and waits as long as it was to wait then;
// only what is for a time of day (the kind $2) keeps it. What was last
// taken up, or put back, later than now waits as long as it was to wait after that, and nobody
// has it for longer than a lease ($1 is then the end of one that begins now, and
// $2 now, by when it was due).
// Of a long queue no more is read than may be so: what was due before came
// before, and who was never tried was never taken up.
var setBack = [7]string{
	`UPDATE inbox SET due = due - (at - $1), at = $1 WHERE state = 'new' AND at > $1`,
	`UPDATE inbox {{.line}} SET due = CASE WHEN due > at AND kind = $2 THEN due ELSE due - (at - $1) END, at = $1
		WHERE state IN ('ready', 'handling') AND due > $1 AND at > $1`,
	`UPDATE inbox {{.in_hand}} SET retry_at = {{.greatest}}(0, retry_at - (until - $1)), until = $1, due = CASE WHEN due > $2 THEN $2 ELSE due END
		WHERE state = 'handling' AND until > $1`,
	`UPDATE inbox {{.in_vain}} SET retry_at = {{.greatest}}(0, retry_at - (until - $1)), until = $1, due = CASE WHEN due > $2 THEN $2 ELSE due END
		WHERE state = 'ready' AND attempts > 0 AND until > $1`,
	`UPDATE outbox {{.owed}} SET due = CASE WHEN due > at THEN due ELSE $1 END, at = $1
		WHERE state IN ('waiting', 'performing') AND at > $1`,
	`UPDATE outbox {{.performing}} SET due = due - (until - $1), until = $1
		WHERE state = 'performing' AND until > $1`,
	`UPDATE outbox {{.undone}} SET due = due - (until - $1), until = $1
		WHERE state = 'waiting' AND attempts > 0 AND until > $1`,
}

// setBack lets nothing wait for the time by which the clock was set back.
// Whoever works still renews its lease; of whoever died it ends in time. Whose turn
// it is of what waited is to be settled.
func (s *Store) setBack(ctx context.Context, now time.Time, lease time.Duration) error {
	at, far := micros(now), micros(now.Add(lease))
	args := [7][]any{{at}, {at, bot.EventKind(bot.ScheduleDue{})}, {far, at}, {far, at}, {at}, {far}, {far}}
	return s.inTx(ctx, "go by a clock that was set back", alone("clock", ""), func(tx txn) error {
		for i, q := range setBack {
			if _, err := tx.ExecContext(ctx, q, args[i]...); err != nil {
				return err
			}
		}
		return nil
	})
}
