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
		INSERT INTO outbox (kind, key, grp, body, hash, cause, is_order, state, at, due, attempts, priority, place, tries, away)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING`,
		a.Kind, a.Key, a.Group, a.Body, a.Hash, a.Cause, flag(a.Order), a.State, since, since, old.tried, int(a.Priority),
		old.place, old.tries, old.away)
	if err != nil {
		return fmt.Errorf("ask for %s %s: %w", a.Kind, a.Key, err)
	}
	return nil
}

// gaveWay is what is left of effects that a newer one took the place of. Until one
// of the key is done, what it took so far goes with the place: else one that is
// asked for again and again would never be given up, and hold up its group for ever.
type gaveWay struct {
	tried       int           // 1 if any was, and so may have been done unseen: whoever performs the newer one looks first
	place       sql.NullInt64 // of the oldest, in the line of its group
	at          sql.NullInt64 // when the oldest was asked for
	tries, away int           // that count
}

// given is one of them.
type given struct {
	bot.Task
	place, at int64
}

func scanGiven(row scanner) (g given, err error) {
	err = row.Scan(&g.Group, &g.place, &g.at, &g.Attempts, &g.Tries, &g.Away, &g.Hash)
	return g, err
}

// from is what is left of one more, for an effect with a hash. That of another group
// leaves no place.
func (old *gaveWay) from(g given, group, hash string) {
	old.tried = max(old.tried, min(g.Attempts, 1))
	if g.Group != group {
		return
	}
	earliest(&old.place, g.place)
	earliest(&old.at, g.at)
	tries, away := g.HandOn(hash)
	old.tries, old.away = max(old.tries, tries), max(old.away, away)
}

func earliest(n *sql.NullInt64, one int64) {
	if !n.Valid || one < n.Int64 {
		*n = sql.NullInt64{Int64: one, Valid: true}
	}
}

// giveWayTo ends what waits of kind $1 and key $2: it is that which is superseded,
// and nothing that somebody takes up meanwhile.
const giveWayTo = `UPDATE outbox {{.by_key}} SET state = 'superseded', finished = $3, turn = NULL
	WHERE kind = $1 AND key = $2 AND state = 'waiting' AND is_order = 0
	RETURNING grp, COALESCE(place, seq), at, attempts, tries, away, hash`

// supersede gives way to a.
func supersede(ctx context.Context, tx txn, a bot.Ask, now time.Time) (old gaveWay, err error) {
	all, err := read(ctx, tx.querier, "supersede "+a.Kind+" "+a.Key, scanGiven, giveWayTo, a.Kind, a.Key, micros(now))
	if err != nil {
		return old, err
	}
	var groups []string
	for _, g := range all {
		old.from(g, legible(a.Group), legible(a.Hash))
		groups = append(groups, g.Group)
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
