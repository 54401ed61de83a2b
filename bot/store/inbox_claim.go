package store

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Of the letters whose turn it is at $1: what was in hand of somebody who is
// gone, before what waits, and of either the one that does so longest.
const (
	lapsed = `SELECT seq FROM inbox {{.in_hand}} WHERE state = 'handling' AND until < $1 AND turn IS NOT NULL ORDER BY until, seq LIMIT 1 {{.skip}}`
	ready  = `SELECT seq FROM inbox {{.whose_turn}} WHERE state = 'ready' AND turn IS NOT NULL AND turn <= $1 ORDER BY turn, seq LIMIT 1 {{.skip}}`
)

const takeLetter = `
	UPDATE inbox SET state = 'handling', owner = $2, until = $3, attempts = attempts + 1,
		lapses = lapses + CASE state WHEN 'handling' THEN 1 ELSE 0 END
	WHERE seq = COALESCE((` + lapsed + `), (` + ready + `)) RETURNING ` + letterColumns

// ClaimLetter takes the letter whose turn it is for longest under a lease.
func (s *Store) ClaimLetter(ctx context.Context, owner string, lease time.Duration) (l bot.Letter, ok bool, err error) {
	now, err := s.timeToWork(ctx, lease)
	if err != nil {
		return bot.Letter{}, false, err
	}
	err = s.inTx(ctx, "take it", nil, func(tx txn) error {
		l, err = scanLetter(tx.QueryRowContext(ctx, takeLetter, micros(now), owner, micros(now.Add(lease))))
		return err
	})
	return found(l, err, "claim a letter")
}
