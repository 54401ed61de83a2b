package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// ask puts an effect into the outbox. Of the waiting ones of its kind and key
// the newest wins, in the place of the oldest; an order is asked for once, for ever.
func ask(ctx context.Context, tx txn, a bot.Ask, now time.Time) (err error) {
	var old gaveWay
	if a.State != bot.TaskHeld { // what is not done takes nobody's place
		if old, err = supersede(ctx, tx, a, now); err != nil {
			return err
		}
	}
	since := micros(now) // and due since then: one moment, by which a clock that is set back finds both
	if old.at.Valid {
		since = old.at.Int64
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO outbox (kind, key, grp, body, hash, cause, is_order, state, at, due, attempts, priority, place, tries)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
		a.Kind, a.Key, a.Group, a.Body, a.Hash, a.Cause, flag(a.Order), a.State, since, since, min(old.tried, 1), int(a.Priority),
		old.place, old.tries.Int64)
	if err != nil {
		return fmt.Errorf("ask for %s %s: %w", a.Kind, a.Key, err)
	}
	return nil
}

// gaveWay is what is left of effects that a newer one took the place of. Until one
// of the key was written, what it took so far goes with the place: else one that is
// asked for again and again would never be given up, and hold up its group for ever.
type gaveWay struct {
	tried int           // how many were, and so may have been done unseen: whoever performs the newer one looks first
	place sql.NullInt64 // of the oldest, in the line of its group
	at    sql.NullInt64 // when the oldest was asked for
	tries sql.NullInt64 // that count
}

// unwritten is where nothing was written yet of kind $1 and key $2.
const unwritten = `NOT EXISTS (SELECT 1 FROM receipts WHERE kind = $1 AND key = $2)`

// supersede gives way to a. More of the attempts are not counted against a than
// that there were some.
func supersede(ctx context.Context, tx txn, a bot.Ask, now time.Time) (old gaveWay, err error) {
	const its, itsTries = `CASE WHEN grp = $3 THEN `, `CASE WHEN grp = $3 AND ` + unwritten + ` THEN `
	err = tx.QueryRowContext(ctx, `
		SELECT COALESCE(sum(CASE WHEN attempts > 0 THEN 1 ELSE 0 END), 0), min(`+its+`COALESCE(place, seq) END), min(`+itsTries+`at END), max(`+itsTries+`tries END)
		FROM outbox WHERE kind = $1 AND key = $2 AND state = 'waiting' AND is_order = 0`, a.Kind, a.Key, a.Group).Scan(&old.tried, &old.place, &old.at, &old.tries)
	if err != nil {
		return old, fmt.Errorf("look for %s %s: %w", a.Kind, a.Key, err)
	}
	groups, err := read(ctx, tx.querier, "supersede "+a.Kind+" "+a.Key, only[string], `
		UPDATE outbox SET state = 'superseded', finished = $3, turn = NULL
		WHERE kind = $1 AND key = $2 AND state = 'waiting' AND is_order = 0 RETURNING grp`, a.Kind, a.Key, micros(now))
	if err != nil {
		return old, err
	}
	return old, errorsJoin(supersedeGroup(ctx, tx, a, now), goOn(ctx, tx, a, groups))
}

// goOn settles who is first of other groups than a's, in one of which an effect of
// its key stood until now.
func goOn(ctx context.Context, tx txn, a bot.Ask, groups []string) error {
	others := slices.DeleteFunc(groups, func(g string) bool { return g == legible(a.Group) })
	return tx.lineUpBesides(ctx, "group", ofTasks, others...)
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
