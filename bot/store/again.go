package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// WriteAgain has the last word on what t was about, t or what was asked for
// after it, carried out once more, though it may be over or in hand: what was
// done under t's lease, which was lost, may have come after it, or stand beside
// it. Whoever takes it up looks first, and does not know what was last written.
// What that last word is, the kind says.
func (s *Store) WriteAgain(ctx context.Context, t bot.Task) error {
	which := bot.AnewOf(t.Kind)
	if which == bot.Nothing {
		return nil
	}
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	err = s.inTx(ctx, "write again "+t.Kind+" "+t.Key, alone("group", t.Group), func(tx txn) error {
		last, err := lastWord(ctx, tx, t, which)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, writeAgain, last.Seq, micros(now), flag(which == bot.NewestIfLast))
		if err != nil {
			return err
		}
		if err := tx.lineUpBesides(ctx, "group", ofTasks, last.Group); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE receipts SET hash = '' WHERE kind = $1 AND key = $2`, t.Kind, last.Key)
		return err
	})
	if err == nil {
		s.hint()
	}
	return err
}

// followed is that a later effect of its group was asked for.
const followed = `EXISTS (SELECT 1 FROM outbox n WHERE n.grp = outbox.grp AND n.seq > outbox.seq AND n.state <> 'held')`

// writeAgain has $1 carried out once more, unless with $3 it was followed. What was
// done has all its tries again.
const writeAgain = `UPDATE outbox SET state = CASE state WHEN 'performing' THEN state ELSE 'waiting' END, finished = 0,
		again = CASE state WHEN 'performing' THEN 1 ELSE 0 END,
		due = CASE state WHEN 'waiting' THEN due ELSE $2 END, until = CASE WHEN state IN ('waiting', 'performing') THEN until ELSE $2 END,
		turn = CASE WHEN state IN ('waiting', 'performing') THEN turn ELSE NULL END,
		attempts = CASE attempts WHEN 0 THEN 1 ELSE attempts END,
		tries = CASE WHEN state IN ('waiting', 'performing') THEN tries ELSE 0 END, away = CASE WHEN state IN ('waiting', 'performing') THEN away ELSE 0 END
	WHERE seq = $1 AND is_order = 0 AND length(body) > 0 AND state IN ('waiting', 'performing', 'done', 'unchanged')
	  AND ($3 = 0 OR NOT ` + followed + `)`

const (
	lastOfKey   = `SELECT seq, key, grp FROM outbox WHERE kind = $1 AND key = $2 AND seq >= $3 AND state <> 'held' ORDER BY seq DESC LIMIT 1`
	lastOfGroup = `SELECT seq, key, grp FROM outbox WHERE kind = $1 AND grp = $2 AND seq >= $3 AND state <> 'held' ORDER BY seq DESC LIMIT 1`
)

// lastWord is the newest effect of t's kind and key, or group; t itself where
// nothing of it is kept.
func lastWord(ctx context.Context, tx txn, t bot.Task, which bot.Anew) (last bot.Task, err error) {
	of, name := lastOfKey, t.Key
	if which == bot.NewestOfGroup {
		of, name = lastOfGroup, t.Group
	}
	err = tx.QueryRowContext(ctx, of, t.Kind, name, t.Seq).Scan(&last.Seq, &last.Key, &last.Group)
	if errors.Is(err, sql.ErrNoRows) {
		return t, nil
	}
	if err != nil {
		return t, fmt.Errorf("look for what came after %s %s: %w", t.Kind, t.Key, err)
	}
	return last, nil
}

func flag(on bool) int {
	if on {
		return 1
	}
	return 0
}
