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
			UPDATE outbox SET state = 'waiting', due = $3, error = $4, tries = $5, away = $7, owner = '', turn = NULL
			WHERE seq = $1 AND owner = $2 AND attempts = $6 AND state = 'performing'`, t.Seq, t.Owner, micros(at), why, t.Tries, t.Attempts, t.Away))
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
// that one stands where t did, with its tries as in gaveWay.
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
	if _, err = tx.ExecContext(ctx, handOn, t.Kind, t.Key, t.Seq, t.Group, bot.HandedOn, bot.AwayHandedOn); err != nil {
		return false, fmt.Errorf("look first for %s %s: %w", t.Kind, t.Key, err)
	}
	return true, nil
}

// handOn lets what waits in the group $4 and is newer than $3 go on in its place, with
// its tries as bot.Task.HandOn says: of what says something else at most $5 and $6.
const handOn = `UPDATE outbox AS n SET attempts = {{.greatest}}(n.attempts, 1), place = COALESCE(o.place, o.seq),
		at = o.at, due = CASE WHEN n.due > n.at THEN n.due ELSE o.at END,
		tries = {{.greatest}}(n.tries, CASE WHEN n.hash = o.hash THEN o.tries ELSE {{.least}}(o.tries, $5) END),
		away = {{.greatest}}(n.away, CASE WHEN n.hash = o.hash THEN o.away ELSE {{.least}}(o.away, $6) END)
	FROM outbox AS o WHERE o.seq = $3
		AND n.kind = $1 AND n.key = $2 AND n.grp = $4 AND n.seq > $3 AND n.state = 'waiting' AND n.is_order = 0`

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
