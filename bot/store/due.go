package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// nextDue are the first of each that may be next.
const nextDue = `
	SELECT MIN(t) FROM (
		SELECT (SELECT turn FROM inbox {{.whose_turn}} WHERE state = 'ready' AND turn IS NOT NULL ORDER BY turn LIMIT 1) AS t
		UNION ALL SELECT (SELECT until + 1 FROM inbox {{.in_hand}} WHERE state = 'handling' ORDER BY until LIMIT 1)
		UNION ALL SELECT (SELECT at FROM inbox {{.fresh}} WHERE state = 'new' ORDER BY seq LIMIT 1)
		UNION ALL SELECT (SELECT MIN(until) + 1 FROM outbox {{.performing}} WHERE state = 'performing')
		UNION ALL SELECT (SELECT MIN(turn) FROM outbox {{.turn}} WHERE state = 'waiting' AND turn IS NOT NULL)
	) AS open`

// NextDue is when the next thing that waits may be taken up, leases that run
// out included. It reports false when nothing waits.
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	var at sql.NullInt64
	err := s.read.QueryRowContext(ctx, nextDue).Scan(&at)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("ask what is due next: %w", err)
	}
	return fromMicros(at.Int64), at.Valid, nil
}

// What Backlog asks. An index answers each, whatever the boxes hold: what is
// over is in none of these.
var backlog = [4]string{
	`SELECT MIN(t) FROM (SELECT MIN(due) AS t FROM inbox {{.line}} WHERE state IN ('ready', 'handling')
		UNION ALL SELECT (SELECT due FROM inbox {{.fresh}} WHERE state = 'new' ORDER BY seq LIMIT 1)) AS open`,
	`SELECT MIN(at) FROM outbox {{.owed}} WHERE state IN ('waiting', 'performing')`,
	`SELECT COUNT(*) FROM inbox {{.in_vain}} WHERE state = 'ready' AND attempts > 0`,
	`SELECT COUNT(*) FROM outbox {{.undone}} WHERE state = 'waiting' AND attempts > 0`,
}

// Backlog is how far behind we are.
func (s *Store) Backlog(ctx context.Context) (b bot.Backlog, err error) {
	now, err := s.Now(ctx)
	if err != nil {
		return b, err
	}
	var got [4]sql.NullInt64
	for i, q := range backlog {
		if err := s.read.QueryRowContext(ctx, q).Scan(&got[i]); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return b, fmt.Errorf("look how far behind we are: %w", err)
		}
	}
	if b.Letter = fromMicros(got[0].Int64); b.Letter.After(now) {
		b.Letter = time.Time{} // timers alone, and none has rung
	}
	b.Task, b.Letters, b.Effects = fromMicros(got[1].Int64), int(got[2].Int64), int(got[3].Int64)
	return b, nil
}

// Retrying counts the letters that were tried in vain and wait for another try.
func (s *Store) Retrying(ctx context.Context) (n int, err error) {
	err = s.read.QueryRowContext(ctx, backlog[2]).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what is tried again: %w", err)
	}
	return n, nil
}

// Tasks of the outbox, newest first, at most limit; state "" is any.
func (s *Store) Tasks(ctx context.Context, state string, limit int) ([]bot.Task, error) {
	if state != "" {
		return s.TasksBefore(ctx, state, math.MaxInt64, limit)
	}
	return s.tasks(ctx, `1 = 1 ORDER BY seq DESC LIMIT $1`, limit)
}

const tasksBefore = `state = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3`

// TasksBefore are those of a state with a smaller Seq, newest first, at most
// limit.
func (s *Store) TasksBefore(ctx context.Context, state string, before int64, limit int) ([]bot.Task, error) {
	return s.tasks(ctx, tasksBefore, state, before, limit)
}

// TasksOf one kind and key, newest first, at most limit.
func (s *Store) TasksOf(ctx context.Context, kind, key string, limit int) ([]bot.Task, error) {
	return s.tasks(ctx, `kind = $1 AND key = $2 ORDER BY seq DESC LIMIT $3`, kind, key, limit)
}

func (s *Store) tasks(ctx context.Context, where string, args ...any) ([]bot.Task, error) {
	return read(ctx, s.read.querier, "list effects", scanTask, `SELECT `+taskColumns+` FROM outbox WHERE `+where, args...)
}
