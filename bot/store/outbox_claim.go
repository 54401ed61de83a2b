package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// ClaimTask takes the most pressing effect of the kinds whose turn it is under a
// lease; of equals first what was in hand of somebody who is gone, and then the one
// whose turn it is for longest.
func (s *Store) ClaimTask(ctx context.Context, owner string, kinds []string, lease time.Duration) (bot.Task, bool, error) {
	now, err := s.timeToWork(ctx, lease)
	if err != nil {
		return bot.Task{}, false, err
	}
	c := claimOf{kinds: kinds, owner: owner, now: now, until: now.Add(lease)}
	for { // until what it finds does not give way
		var t bot.Task
		var gave bool
		err := s.inTx(ctx, "take it", nil, func(tx txn) (err error) {
			t, gave, err = c.take(ctx, tx)
			return err
		})
		if err != nil || !gave {
			return found(t, err, "claim an effect")
		}
	}
}

// claimOf an effect.
type claimOf struct {
	kinds      []string
	owner      string
	now, until time.Time
}

// args are the moment and the kinds, and then others.
func (c claimOf) args(others ...any) []any {
	args := []any{micros(c.now)}
	for _, k := range c.kinds {
		args = append(args, k)
	}
	return append(args, others...)
}

// take the effect whose turn it is, unless it gave way.
func (c claimOf) take(ctx context.Context, tx txn) (t bot.Task, gave bool, err error) {
	all, err := read(ctx, tx.querier, "look whose lease ran out", scanLapsed, lapsedOf(len(c.kinds)), c.args(lapsedAtOnce)...)
	if err != nil {
		return t, false, err
	}
	from := bot.Urgent
	for _, g := range all {
		if g.priority > from { // what is more pressing, and waits
			if t, err = c.takeWaiting(ctx, tx, from, g.priority-1); !errors.Is(err, sql.ErrNoRows) {
				return t, false, err
			}
			from = g.priority
		}
		if t, gave, err = c.takeOver(ctx, tx, g.Task); !errors.Is(err, sql.ErrNoRows) {
			return t, gave, err
		}
	}
	t, err = c.takeWaiting(ctx, tx, from, bot.Cosmetic)
	return t, false, err
}

// gone is an effect that was in hand of somebody who is gone.
type gone struct {
	bot.Task
	priority bot.Priority
}

func scanLapsed(row scanner) (g gone, err error) {
	err = row.Scan(&g.Seq, &g.Kind, &g.Key, &g.Group, &g.Order, &g.Error, &g.priority)
	return g, err
}

// lapsedAtOnce are looked at in one claim, if others change the groups of those
// before them.
const lapsedAtOnce = 8

// lapsedOf are the first effects of so many kinds that were in hand of somebody who
// is gone.
func lapsedOf(kinds int) string {
	return `SELECT seq, kind, key, grp, is_order, error, priority FROM outbox {{.performing}}
		WHERE state = 'performing' AND turn IS NOT NULL AND until < $1 AND kind IN (` + list(2, kinds) + `) ORDER BY priority, until, seq LIMIT ` + list(2+kinds, 1)
}

const stillLapsed = `SELECT seq FROM outbox WHERE seq = $2 AND state = 'performing' AND until < $1 {{.skip}}`

// takeOver takes an effect whose lease ran out, sql.ErrNoRows if somebody changes
// its group just now or took it. One that was overtaken meanwhile gives way.
func (c claimOf) takeOver(ctx context.Context, tx txn, t bot.Task) (_ bot.Task, gave bool, err error) {
	if free, err := tx.holdNow(ctx, alone("group", t.Group)); err != nil || !free {
		return t, false, cmp.Or(err, sql.ErrNoRows)
	}
	if err := tx.QueryRowContext(ctx, stillLapsed, micros(c.now), t.Seq).Scan(&t.Seq); err != nil {
		return t, false, err
	}
	if gave, err := giveWay(ctx, tx, t, t.Error, c.now); err != nil || gave {
		return t, gave, errorsJoin(err, tx.lineUp(ctx, ofTasks, t.Group))
	}
	t, err = scanTask(tx.QueryRowContext(ctx, `
		UPDATE outbox SET owner = $1, until = $2, attempts = attempts + 1, again = 0, lapses = lapses + 1
		WHERE seq = $3 RETURNING `+taskColumns, c.owner, micros(c.until), t.Seq))
	t.Lapsed = true
	return t, false, err
}
