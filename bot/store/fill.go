package store

import (
	"context"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var filled = []string{"id", "source", "name", "body", "coding", "at", "due", "state", "kind", "subject", "finished"}

// rowsFilled in one transaction.
const rowsFilled = 20 * rowsAtOnce

// Fill writes n letters that were handled an hour ago, as months of use leave
// them: bench grow begins with so many. It asks of none whether it is known.
func (s *Store) Fill(ctx context.Context, n int, letter func(i int) bot.Letter) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	at := micros(now.Add(-time.Hour))
	for i := 0; i < n; {
		err := s.inTx(ctx, "fill", nil, func(tx txn) error {
			for end := min(i+rowsFilled, n); i < end; {
				var values []any
				for upto := min(i+rowsAtOnce, end); i < upto; i++ {
					l := letter(i)
					body, coding := pack(l.Body)
					values = append(values, l.ID, l.Source, l.Name, body, coding, at, at, bot.LetterDone, l.Kind, l.Subject, at)
				}
				if err := tx.insertRows(ctx, "inbox", filled, values); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("fill the inbox: %w", err)
		}
	}
	return nil
}
