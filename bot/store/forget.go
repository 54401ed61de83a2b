package store

import (
	"context"
	"fmt"
	"time"
)

// Forget empties the deliveries and then the effects that were done with
// before a moment, oldest first and at most so many: what was sent, the event
// made of it, and what was written. Their rows stay, so that a repeat is still
// known, and so do receipts; what was given up or is in doubt stays whole, for
// a person to look at. It answers how many there were.
func (s *Store) Forget(ctx context.Context, before time.Time, most int) (int, error) {
	res, err := s.write.ExecContext(ctx, `
		UPDATE inbox SET body = $3, event = NULL WHERE seq IN (`+handledBefore+`)`, micros(before), most, []byte{})
	if err != nil {
		return 0, fmt.Errorf("forget old deliveries: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil || int(n) >= most {
		return int(n), err
	}
	effects, err := s.forgetEffects(ctx, before, most-int(n))
	return int(n) + effects, err
}

// handledBefore are the deliveries that were, and still hold something.
const handledBefore = `SELECT seq FROM inbox {{.kept}}
	WHERE state IN ('done', 'ignored') AND length(body) > 0 AND {{.greatest}}(at, finished) < $1
	ORDER BY {{.greatest}}(at, finished) LIMIT $2`

// longOver are the effects that wait for nobody and still hold something.
const longOver = `SELECT seq FROM outbox
	WHERE state NOT IN ('waiting', 'performing', 'failed', 'doubtful') AND length(body) > 0 AND at < $1 AND finished < $1
	ORDER BY at LIMIT $2`

func (s *Store) forgetEffects(ctx context.Context, before time.Time, most int) (int, error) {
	res, err := s.write.ExecContext(ctx, `UPDATE outbox SET body = $3 WHERE seq IN (`+longOver+`)`, micros(before), most, []byte{})
	if err != nil {
		return 0, fmt.Errorf("forget old effects: %w", err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}
