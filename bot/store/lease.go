package store

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// RenewLetter lets a claimed letter be handled for another lease from now;
// bot.ErrConflict when somebody else has it, or it is done.
func (s *Store) RenewLetter(ctx context.Context, l bot.Letter, lease time.Duration) error {
	return s.renew(ctx, "inbox", "handling", l.Seq, l.Owner, l.Attempts, lease)
}

// RenewTask lets a claimed effect be performed for another lease from now;
// bot.ErrConflict when somebody else has it, or it has ended.
func (s *Store) RenewTask(ctx context.Context, t bot.Task, lease time.Duration) error {
	return s.renew(ctx, "outbox", "performing", t.Seq, t.Owner, t.Attempts, lease)
}

func (s *Store) renew(ctx context.Context, table, state string, seq int64, owner string, attempts int, lease time.Duration) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	return s.inTx(ctx, "renew a lease", nil, func(tx txn) error {
		ok, err := one(tx.ExecContext(ctx, `UPDATE `+table+` SET until = $4
			WHERE seq = $1 AND owner = $2 AND attempts = $3 AND state = $5`, seq, owner, attempts, micros(now.Add(lease)), state))
		if err == nil && !ok {
			return bot.ErrConflict
		}
		return err
	})
}
