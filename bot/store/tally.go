package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Who counts what is over reads a row for each thing that ever was, so that is
// counted anew the more seldom the more there is: after a millisecond for each,
// which is some thousand times what reading it takes, and after five minutes at
// last. What is not over is few, and an index alone has it by its state.
const (
	recountEach = time.Millisecond
	recount     = 5 * time.Minute
)

// What Tally asks: of each box what is not over, and what is.
var tallies = [2][2]string{{
	`SELECT source, state, COUNT(*) FROM inbox WHERE state IN ('new', 'ready', 'handling', 'failed') GROUP BY state, source`,
	`SELECT source, state, COUNT(*) FROM inbox WHERE state IN ('done', 'ignored') GROUP BY state, source`,
}, {
	`SELECT '', state, COUNT(*) FROM outbox WHERE state IN ('waiting', 'performing', 'failed', 'doubtful') GROUP BY state`,
	`SELECT '', state, COUNT(*) FROM outbox WHERE state IN ('done', 'unchanged', 'superseded', 'held', 'decided') GROUP BY state`,
}}

// counted is what was over when it was counted last.
type counted struct {
	sync.Mutex
	list []bot.Tally
	at   time.Time
}

// lasts is how long that counts.
func (c *counted) lasts() time.Duration {
	n := 0
	for _, t := range c.list {
		n += t.N
	}
	return min(time.Duration(n)*recountEach, recount)
}

// Tally counts the letters by source and state, and the effects by state,
// without reading one: those that are over as of a few minutes ago at most,
// which At says.
func (s *Store) Tally(ctx context.Context) (list []bot.Tally, err error) {
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	for box, q := range tallies {
		if list, err = s.tally(ctx, list, q[0], box == 1, now); err != nil {
			return nil, err
		}
	}
	s.over.Lock()
	defer s.over.Unlock()
	if age := now.Sub(s.over.at); age < 0 || age >= s.over.lasts() {
		var over []bot.Tally
		for box, q := range tallies {
			if over, err = s.tally(ctx, over, q[1], box == 1, now); err != nil {
				return nil, err
			}
		}
		s.over.list, s.over.at = over, now
	}
	return append(list, s.over.list...), nil
}

func (s *Store) tally(ctx context.Context, list []bot.Tally, query string, outbox bool, now time.Time) ([]bot.Tally, error) {
	rows, err := s.read.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("count deliveries and effects: %w", err)
	}
	defer rows.Close() //nolint:errcheck // what matters is in rows.Err
	for rows.Next() {
		t := bot.Tally{Outbox: outbox, At: now}
		if err := rows.Scan(&t.Source, &t.State, &t.N); err != nil {
			return nil, fmt.Errorf("count deliveries and effects: %w", err)
		}
		list = append(list, t)
	}
	return list, rows.Err()
}
