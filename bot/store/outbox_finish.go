package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

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
	l := alone("group", t.Group)
	l.lineOf(tell)
	err = s.inTx(ctx, "finish "+t.Kind+" "+t.Key, l, func(tx txn) error {
		ok, err := one(tx.ExecContext(ctx, `
			UPDATE outbox SET receipt = $4, error = $5, finished = $6, owner = '', turn = NULL,
				state = CASE WHEN `+goesOn+` THEN 'waiting' ELSE $3 END,
				tries = CASE WHEN `+goesOn+` THEN 0 ELSE tries END, away = CASE WHEN `+goesOn+` THEN 0 ELSE away END
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
		if err := hearOurs(ctx, tx, fmt.Sprintf("settled/%d", t.Seq), tell, now); err != nil {
			return err
		}
		if err := tx.lineUp(ctx, ofLetters, subjectOf(tell)...); err != nil {
			return err
		}
		return tx.lineUp(ctx, ofTasks, t.Group)
	})
	if err == nil {
		s.hint() // its group goes on
	}
	return err
}

// goesOn is that something succeeded, and is to be written again: as often as if it
// had been asked for anew.
const goesOn = `again = 1 AND $3 IN ('done', 'unchanged')`

// keepReceipt remembers what was written. Where it is to be written again that
// is not known.
func keepReceipt(ctx context.Context, tx txn, t bot.Task, receipt string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO receipts (kind, key, receipt, at, hash) VALUES ($1, $2, $3, $4,
			CASE WHEN EXISTS (SELECT 1 FROM outbox WHERE seq = $5 AND state = 'waiting') THEN '' ELSE $6 END)
		ON CONFLICT (kind, key) DO UPDATE SET receipt = excluded.receipt, hash = excluded.hash, at = excluded.at`,
		t.Kind, t.Key, receipt, micros(now), t.Seq, t.Hash)
	return err
}

// subjectOf an event, if there is one.
func subjectOf(e bot.Event) []string {
	if e == nil {
		return nil
	}
	return []string{e.Subject()}
}

// hearOurs stores an event of our own making; nil is nothing. As with wake, who
// is first of its subject is to be settled.
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
