package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// inLine is a due letter i whose subject nobody works on and that no older one
// of its subject stands before, one that waits to be tried again included: a
// subject's order is kept. $1 is now.
const inLine = `
	i.state IN ('ready', 'handling') AND i.due <= $1 AND i.retry_at <= $1
	AND (i.state = 'ready' OR i.until < $1)
	AND NOT EXISTS (
		SELECT 1 FROM inbox e
		WHERE e.subject = i.subject AND e.seq <> i.seq AND e.state IN ('ready', 'handling')
		  AND ((e.state = 'handling' AND e.until >= $1)
		    OR (e.due <= $1 AND (e.due < i.due OR (e.due = i.due AND e.seq < i.seq)))))`

const pickLetter = `SELECT i.seq, i.subject FROM inbox i WHERE ` + inLine + ` ORDER BY i.due, i.seq LIMIT 1 {{.skip}}`

const takeLetter = `
	UPDATE inbox AS i SET state = 'handling', owner = $2, until = $3, attempts = attempts + 1,
		lapses = lapses + CASE state WHEN 'handling' THEN 1 ELSE 0 END
	WHERE i.seq = $4 AND ` + inLine + ` RETURNING ` + letterColumns

// ClaimLetter takes the oldest letter in line under a lease.
func (s *Store) ClaimLetter(ctx context.Context, owner string, lease time.Duration) (bot.Letter, bool, error) {
	now, err := s.timeToWork(ctx, lease)
	if err != nil {
		return bot.Letter{}, false, err
	}
	for {
		l, lost, err := s.claimLetter(ctx, owner, now, now.Add(lease))
		if !lost {
			return found(l, err, "claim a letter")
		}
	}
}

// claimLetter takes the oldest letter in line, unless it is lost to another
// process: between the look and the lock of its subject that one took a letter
// of the subject, and the line moved on.
func (s *Store) claimLetter(ctx context.Context, owner string, now, until time.Time) (l bot.Letter, lost bool, err error) {
	err = s.inTx(ctx, "take it", nil, func(tx txn) error {
		var seq int64
		var subject string
		if err := tx.QueryRowContext(ctx, pickLetter, micros(now)).Scan(&seq, &subject); err != nil {
			return err
		}
		if err := tx.hold(ctx, alone("subject", subject)); err != nil {
			return err
		}
		l, err = scanLetter(tx.QueryRowContext(ctx, takeLetter, micros(now), owner, micros(until), seq))
		lost = errors.Is(err, sql.ErrNoRows)
		return err
	})
	return l, lost, err
}
