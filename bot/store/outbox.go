package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// ClaimTask takes the most pressing due effect of the kinds under a lease, of
// equals the oldest, unless an older one of its group is still open.
func (s *Store) ClaimTask(ctx context.Context, owner string, kinds []string, lease time.Duration) (bot.Task, bool, error) {
	now, err := s.timeToWork(ctx, lease)
	if err != nil {
		return bot.Task{}, false, err
	}
	var t bot.Task
	err = s.inTx(ctx, "take it", nil, func(tx txn) error {
		seq, was, err := nextTask(ctx, tx, kinds, now)
		if err != nil {
			return err
		}
		t, err = scanTask(tx.QueryRowContext(ctx, `
			UPDATE outbox SET state = 'performing', owner = $2, until = $3, attempts = attempts + 1, again = 0,
				lapses = lapses + CASE state WHEN 'performing' THEN 1 ELSE 0 END
			WHERE seq = $1 RETURNING `+taskColumns, seq, owner, micros(now.Add(lease))))
		t.Lapsed = was == bot.TaskPerforming
		return err
	})
	return found(t, err, "claim an effect")
}

// nextTask is the effect to be claimed and the state it is in. One whose lease
// ran out and that was overtaken meanwhile is not: it gives way.
func nextTask(ctx context.Context, tx txn, kinds []string, now time.Time) (seq int64, was string, err error) {
	args := []any{micros(now)}
	for _, k := range kinds {
		args = append(args, k)
	}
	for {
		var t bot.Task
		err = tx.QueryRowContext(ctx, claimable(len(kinds)), args...).Scan(&t.Seq, &t.State, &t.Kind, &t.Key, &t.Group, &t.Order, &t.Error)
		if err != nil || t.State != bot.TaskPerforming {
			return t.Seq, t.State, err
		}
		if gave, err := giveWay(ctx, tx, t, t.Error, now); err != nil || !gave {
			return t.Seq, t.State, err
		}
	}
}

// claimable asks for the effect of so many kinds whose turn it is.
func claimable(kinds int) string {
	return `
		SELECT o.seq, o.state, o.kind, o.key, o.grp, o.is_order, o.error FROM outbox o {{.turn}}
		WHERE o.state IN ('waiting', 'performing') AND (o.state = 'waiting' OR o.until < $1) AND o.due <= $1
		  AND o.kind IN (` + list(2, kinds) + `)
		  AND NOT EXISTS (SELECT 1 FROM outbox e
		      WHERE e.grp = o.grp AND e.seq < o.seq AND e.state IN ('waiting', 'performing'))
		ORDER BY o.priority, o.seq LIMIT 1 {{.skip}}`
}

// Receipt is what was last written under a kind and key, and its hash.
func (s *Store) Receipt(ctx context.Context, kind, key string) (r bot.Receipt, hash string, ok bool, err error) {
	var text string
	err = s.read.QueryRowContext(ctx, `SELECT receipt, hash FROM receipts WHERE kind = $1 AND key = $2`, kind, key).Scan(&text, &hash)
	if _, ok, err = found(text, err, "read receipt "+kind+" "+key); err != nil || !ok {
		return r, "", ok, err
	}
	return r, hash, true, json.Unmarshal([]byte(text), &r)
}

const taskColumns = `seq, kind, key, grp, body, hash, cause, is_order, state, attempts, tries, lapses, owner, receipt, error, at, due`

func scanTask(row scanner) (t bot.Task, err error) {
	var at, due int64
	var receipt string
	err = row.Scan(&t.Seq, &t.Kind, &t.Key, &t.Group, &t.Body, &t.Hash, &t.Cause, &t.Order, &t.State,
		&t.Attempts, &t.Tries, &t.Lapses, &t.Owner, &receipt, &t.Error, &at, &due)
	t.At, t.Due = fromMicros(at), fromMicros(due)
	if err == nil && receipt != "" {
		err = json.Unmarshal([]byte(receipt), &t.Receipt)
	}
	return t, err
}
