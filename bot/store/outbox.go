package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// ask puts an effect into the outbox. Of the waiting ones of its kind and key
// the newest wins; an order is asked for once, for ever.
func ask(ctx context.Context, tx txn, a bot.Ask, now time.Time) (err error) {
	tried := 0
	if a.State != bot.TaskHeld { // what is not done takes nobody's place
		if tried, err = supersede(ctx, tx, a, now); err != nil {
			return err
		}
	}
	order := 0
	if a.Order {
		order = 1
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO outbox (kind, key, grp, body, hash, cause, is_order, state, at, due, attempts, priority)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11) ON CONFLICT DO NOTHING`,
		a.Kind, a.Key, a.Group, a.Body, a.Hash, a.Cause, order, a.State, micros(now), tried, int(a.Priority))
	if err != nil {
		return fmt.Errorf("ask for %s %s: %w", a.Kind, a.Key, err)
	}
	return nil
}

// supersede gives way to a. It answers 1 if what gives way was tried, and so
// may have been done unseen: whoever performs a then looks first. More of its
// attempts are not counted against a.
func supersede(ctx context.Context, tx txn, a bot.Ask, now time.Time) (tried int, err error) {
	err = tx.QueryRowContext(ctx, `
		SELECT count(*) FROM outbox
		WHERE kind = $1 AND key = $2 AND state = 'waiting' AND is_order = 0 AND attempts > 0`, a.Kind, a.Key).Scan(&tried)
	if err != nil {
		return 0, fmt.Errorf("look for %s %s: %w", a.Kind, a.Key, err)
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE outbox SET state = 'superseded', finished = $3
		WHERE kind = $1 AND key = $2 AND state = 'waiting' AND is_order = 0`, a.Kind, a.Key, micros(now))
	if err != nil {
		return 0, fmt.Errorf("supersede %s %s: %w", a.Kind, a.Key, err)
	}
	return min(tried, 1), supersedeGroup(ctx, tx, a, now)
}

func supersedeGroup(ctx context.Context, tx txn, a bot.Ask, now time.Time) error {
	if !a.Replaces {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE outbox SET state = 'superseded', finished = $2
		WHERE grp = $1 AND state = 'waiting'`, a.Group, micros(now))
	if err != nil {
		return fmt.Errorf("supersede group %s: %w", a.Group, err)
	}
	return nil
}

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

// FinishTask ends a claimed effect in state and, where a receipt is to be
// kept, keeps it; tell, if there is one, is heard in the same transaction. What
// is to be written again waits instead.
func (s *Store) FinishTask(ctx context.Context, t bot.Task, tell bot.Event) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	receipt, err := json.Marshal(t.Receipt)
	if err != nil {
		return err
	}
	err = s.inTx(ctx, "finish "+t.Kind+" "+t.Key, nil, func(tx txn) error {
		ok, err := one(tx.ExecContext(ctx, `
			UPDATE outbox SET receipt = $4, error = $5, finished = $6, owner = '',
				state = CASE WHEN again = 1 AND $3 IN ('done', 'unchanged') THEN 'waiting' ELSE $3 END
			WHERE seq = $1 AND owner = $2 AND attempts = $7 AND state = 'performing'`,
			t.Seq, t.Owner, t.State, string(receipt), t.Error, micros(now), t.Attempts))
		if err != nil {
			return err
		}
		if !ok {
			return bot.ErrConflict // the lease ran out and somebody else has it
		}
		if t.State == bot.TaskDone {
			if err := keepReceipt(ctx, tx, t, string(receipt), now); err != nil {
				return err
			}
		}
		return hearOurs(ctx, tx, fmt.Sprintf("settled/%d", t.Seq), tell, now)
	})
	if err == nil {
		s.hint() // its group goes on
	}
	return err
}

func keepReceipt(ctx context.Context, tx txn, t bot.Task, receipt string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO receipts (kind, key, receipt, hash, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (kind, key) DO UPDATE SET receipt = excluded.receipt, hash = excluded.hash, at = excluded.at`,
		t.Kind, t.Key, receipt, t.Hash, micros(now))
	return err
}

// hearOurs stores an event of our own making; nil is nothing.
func hearOurs(ctx context.Context, tx txn, id string, e bot.Event, now time.Time) error {
	if e == nil {
		return nil
	}
	kind, body, err := bot.EncodeEvent(e)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", kind, err)
	}
	return wake(ctx, tx, id, "ours", kind, e.Subject(), body, now, now)
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

func scanTask(row interface{ Scan(...any) error }) (t bot.Task, err error) {
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
