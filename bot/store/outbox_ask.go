package store

import (
	"context"
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
	_, err = tx.ExecContext(ctx, `
		INSERT INTO outbox (kind, key, grp, body, hash, cause, is_order, state, at, due, attempts, priority)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11) ON CONFLICT DO NOTHING`,
		a.Kind, a.Key, a.Group, a.Body, a.Hash, a.Cause, flag(a.Order), a.State, micros(now), tried, int(a.Priority))
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
		UPDATE outbox SET state = 'superseded', finished = $3, turn = NULL
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
		UPDATE outbox SET state = 'superseded', finished = $2, turn = NULL
		WHERE grp = $1 AND state = 'waiting'`, a.Group, micros(now))
	if err != nil {
		return fmt.Errorf("supersede group %s: %w", a.Group, err)
	}
	return nil
}
