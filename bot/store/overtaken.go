package store

import (
	"context"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// RetryTask puts a claimed effect back until a moment, with the tries that
// count so far. One that was overtaken meanwhile gives way instead: again is
// false.
func (s *Store) RetryTask(ctx context.Context, t bot.Task, at time.Time, why string) (again bool, err error) {
	now, err := s.Now(ctx)
	if err != nil {
		return false, err
	}
	err = s.inTx(ctx, "put back "+t.Kind+" "+t.Key, alone("group", t.Group), func(tx txn) error {
		ok, err := one(tx.ExecContext(ctx, `
			UPDATE outbox SET state = 'waiting', due = $3, error = $4, tries = $5, owner = '', turn = NULL
			WHERE seq = $1 AND owner = $2 AND attempts = $6 AND state = 'performing'`, t.Seq, t.Owner, micros(at), why, t.Tries, t.Attempts))
		if err != nil {
			return err
		}
		if !ok {
			return bot.ErrConflict // the lease ran out and somebody else has it
		}
		over, err := giveWay(ctx, tx, t, why, now)
		if again = !over; err != nil {
			return err
		}
		return tx.lineUp(ctx, ofTasks, t.Group)
	})
	return again && err == nil, err
}

// giveWay supersedes an effect that was tried, if one that was asked for while
// it was tried takes its place, and reports whether it did. As after any try
// that may have been done unseen, whoever performs the newer one looks first; and
// that one stands where t did, with its tries as in supersede.
func giveWay(ctx context.Context, tx txn, t bot.Task, why string, now time.Time) (bool, error) {
	over, err := overtaken(ctx, tx, t)
	if err != nil || !over {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE outbox SET state = 'superseded', error = $2, owner = '', finished = $3, turn = NULL WHERE seq = $1`, t.Seq, why, micros(now))
	if err != nil {
		return false, fmt.Errorf("supersede %s %s: %w", t.Kind, t.Key, err)
	}
	for _, changes := range []string{
		`attempts = {{.greatest}}(attempts, 1), place = (SELECT COALESCE(o.place, o.seq) FROM outbox o WHERE o.seq = $3) WHERE true`,
		`(at, due, tries) = (SELECT o.at, CASE WHEN outbox.due > outbox.at THEN outbox.due ELSE o.at END, o.tries FROM outbox o WHERE o.seq = $3) WHERE ` + unwritten,
	} {
		_, err = tx.ExecContext(ctx, `UPDATE outbox SET `+changes+`
			AND kind = $1 AND key = $2 AND grp = $4 AND seq > $3 AND state = 'waiting' AND is_order = 0`, t.Kind, t.Key, t.Seq, t.Group)
		if err != nil {
			return false, fmt.Errorf("look first for %s %s: %w", t.Kind, t.Key, err)
		}
	}
	return true, nil
}

// overtaken reports whether a newer effect of the same kind and key waits
// behind t in its group, or one that replaces all that is before it. An order
// has no newer one: it is asked for once.
func overtaken(ctx context.Context, tx txn, t bot.Task) (bool, error) {
	kinds, err := waitingBehind(ctx, tx, t)
	if err != nil {
		return false, fmt.Errorf("look behind %s %s: %w", t.Kind, t.Key, err)
	}
	for kind, same := range kinds {
		if same && !t.Order || bot.Replaces(kind) {
			return true, nil
		}
	}
	return false, nil
}

// waitingBehind is the kinds of what waits behind t in its group, and whether some
// of the kind has t's kind and key.
func waitingBehind(ctx context.Context, tx txn, t bot.Task) (map[string]bool, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT kind, max(CASE WHEN kind = $3 AND key = $4 THEN 1 ELSE 0 END) FROM outbox
		WHERE grp = $1 AND seq > $2 AND state = 'waiting' GROUP BY kind`, t.Group, t.Seq, t.Kind, t.Key)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	kinds := map[string]bool{}
	for rows.Next() {
		var kind string
		var same int
		if err := rows.Scan(&kind, &same); err != nil {
			return nil, err
		}
		kinds[kind] = same == 1
	}
	return kinds, rows.Err()
}
