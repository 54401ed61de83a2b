package store

import (
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// TryLetter has a delivery that was given up, or waits for another try, handled
// now and as often as a new one, and learns f with it. It reports false, and
// nothing changes, unless the delivery still is as l says.
func (s *Store) TryLetter(ctx context.Context, l bot.Letter, f bot.Fact) (bool, error) {
	return s.press(ctx, "try delivery "+l.ID+" again", lines(l.Subject, nil), f, func(tx txn) error { return tx.lineUp(ctx, ofLetters, l.Subject) }, `
		UPDATE inbox SET state = CASE state WHEN 'failed' THEN $4 ELSE state END, retry_at = 0, lapses = 0,
			due = CASE WHEN state <> 'failed' THEN due WHEN $4 = 'new' THEN at ELSE $1 END, until = CASE state WHEN 'failed' THEN $1 ELSE until END, tries = CASE state WHEN 'failed' THEN 0 ELSE tries END,
			turn = CASE state WHEN 'failed' THEN NULL ELSE turn END
		WHERE seq = $2 AND attempts = $3 AND state = $5 AND (state = 'failed' OR state = 'ready' AND attempts > 0 AND retry_at > $1)`,
		l.Seq, l.Attempts, l.Again(), l.State)
}

// TryTask has an effect that failed, or waits for another try, carried out now
// and as often as a new one, and learns f with it. It reports false, and
// nothing changes, unless the effect still is as t says and the newest of its
// group. An order that failed is not tried again.
func (s *Store) TryTask(ctx context.Context, t bot.Task, f bot.Fact) (bool, error) {
	return s.press(ctx, "try "+t.Kind+" "+t.Key+" again", alone("group", t.Group), f, func(tx txn) error { return tx.lineUp(ctx, ofTasks, t.Group) }, tryTask, t.Seq, t.Attempts, t.State)
}

// tryTask does so with $2, if it is as $3 and $4 say.
const tryTask = `UPDATE outbox SET state = 'waiting', due = $1, until = $1, finished = 0, lapses = 0,
		tries = CASE state WHEN 'failed' THEN 0 ELSE tries END, away = CASE state WHEN 'failed' THEN 0 ELSE away END,
		turn = CASE state WHEN 'failed' THEN NULL ELSE turn END
	WHERE seq = $2 AND attempts = $3 AND state = $4 AND length(body) > 0
	  AND (state = 'failed' AND is_order = 0 OR state = 'waiting' AND attempts > 0 AND due > $1)
	  AND NOT ` + followed

// Decide ends the doubt about an order with what somebody said of it, and
// learns f with it. It reports false, and nothing changes, when it is in doubt
// no more.
func (s *Store) Decide(ctx context.Context, t bot.Task, said string, f bot.Fact) (bool, error) {
	return s.press(ctx, "decide about "+t.Kind+" "+t.Key, alone("group", t.Group), f, nothing, `
		UPDATE outbox SET state = 'decided', finished = $1, error = $4 WHERE seq = $2 AND attempts = $3 AND state = 'doubtful'`,
		t.Seq, t.Attempts, said)
}

func nothing(txn) error { return nil }

// press changes one row, if it is as args say, and what follows from that, and
// learns of it. $1 is now.
func (s *Store) press(ctx context.Context, what string, l locks, f bot.Fact, follows func(txn) error, change string, args ...any) (done bool, err error) {
	now, err := s.Now(ctx)
	if err != nil {
		return false, err
	}
	l.alone("ledger", f.Repo.Key())
	err = s.inTx(ctx, what, l, func(tx txn) error {
		done, err = one(tx.ExecContext(ctx, change, append([]any{micros(now)}, args...)...))
		if err != nil || !done {
			return err
		}
		if err := follows(tx); err != nil {
			return err
		}
		f.At = now
		return learn(ctx, tx, f)
	})
	if err == nil && done {
		s.hint()
	}
	return done && err == nil, err
}
