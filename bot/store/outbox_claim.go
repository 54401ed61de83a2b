package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// ClaimTask takes the most pressing effect of the kinds whose turn it is under a
// lease, of equals the one whose turn it is for longest. What was in hand of
// somebody who is gone is taken before all that waits.
func (s *Store) ClaimTask(ctx context.Context, owner string, kinds []string, lease time.Duration) (bot.Task, bool, error) {
	now, err := s.timeToWork(ctx, lease)
	if err != nil {
		return bot.Task{}, false, err
	}
	c := claimOf{kinds: kinds, owner: owner, now: now, until: now.Add(lease)}
	for {
		var t bot.Task
		var lost bool
		err := s.inTx(ctx, "take it", nil, func(tx txn) (err error) {
			t, lost, err = c.take(ctx, tx)
			return err
		})
		if err != nil || !lost {
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

// take the effect whose turn it is, unless it is lost: it gave way, or somebody
// else has it.
func (c claimOf) take(ctx context.Context, tx txn) (t bot.Task, lost bool, err error) {
	err = tx.QueryRowContext(ctx, lapsedOf(len(c.kinds)), c.args()...).Scan(&t.Seq, &t.Kind, &t.Key, &t.Group, &t.Order, &t.Error)
	if errors.Is(err, sql.ErrNoRows) {
		t, err = scanTask(tx.QueryRowContext(ctx, takeWaiting(len(c.kinds)), c.args(c.owner, micros(c.until))...))
		return t, false, err
	}
	if err != nil {
		return t, false, err
	}
	return c.takeOver(ctx, tx, t)
}

// takeOver takes an effect whose lease ran out. One that was overtaken meanwhile
// gives way.
func (c claimOf) takeOver(ctx context.Context, tx txn, t bot.Task) (_ bot.Task, lost bool, err error) {
	if err := tx.hold(ctx, alone("group", t.Group)); err != nil {
		return t, false, err
	}
	var seq int64
	err = tx.QueryRowContext(ctx, stillLapsed, micros(c.now), t.Seq).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return t, true, nil
	}
	if err != nil {
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

// lapsedOf is an effect of so many kinds that was in hand of somebody who is gone.
func lapsedOf(kinds int) string {
	return `SELECT seq, kind, key, grp, is_order, error FROM outbox {{.performing}}
		WHERE state = 'performing' AND turn IS NOT NULL AND until < $1 AND kind IN (` + list(2, kinds) + `) ORDER BY priority, until, seq LIMIT 1`
}

const stillLapsed = `SELECT seq FROM outbox WHERE seq = $2 AND state = 'performing' AND until < $1 {{.skip}}`

// takeWaiting takes what waits, of so many kinds.
func takeWaiting(kinds int) string {
	next := make([]string, bot.Cosmetic+1)
	for p := range next { // one after another, so that each looks at what is due alone
		next[p] = fmt.Sprintf(`(SELECT seq FROM outbox {{.turn}} WHERE state = 'waiting' AND turn IS NOT NULL AND priority = %d AND turn <= $1
			AND kind IN (%s) ORDER BY turn, seq LIMIT 1 {{.skip}})`, p, list(2, kinds))
	}
	return fmt.Sprintf(`UPDATE outbox SET state = 'performing', owner = $%d, until = $%d, attempts = attempts + 1, again = 0
		WHERE seq = COALESCE(%s) RETURNING %s`, 2+kinds, 3+kinds, strings.Join(next, ", "), taskColumns)
}
