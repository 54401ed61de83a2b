package store

import (
	"context"
	"fmt"
	"time"
)

// Forget empties the deliveries that were done with before a moment, oldest
// first and at most so many: what was sent and the event made of it. Their
// rows stay, so that a repeat is still known; what was given up stays whole,
// for a person to look at. It answers how many there were.
func (s *Store) Forget(ctx context.Context, before time.Time, most int) (int, error) {
	res, err := s.write.ExecContext(ctx, `
		UPDATE inbox SET body = x'', event = NULL WHERE seq IN (
			SELECT seq FROM inbox INDEXED BY inbox_kept
			WHERE state IN ('done', 'ignored') AND length(body) > 0 AND max(at, finished) < $1
			ORDER BY max(at, finished) LIMIT $2)`, micros(before), most)
	if err != nil {
		return 0, fmt.Errorf("forget old deliveries: %w", err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}
