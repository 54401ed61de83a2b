package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var (
	filled         = []string{"id", "source", "name", "body", "coding", "at", "due", "state", "kind", "subject", "finished"}
	filledEffects  = []string{"kind", "key", "grp", "body", "hash", "cause", "is_order", "state", "attempts", "receipt", "at", "due", "finished"}
	filledReceipts = []string{"kind", "key", "receipt", "hash", "at"}
	filledLedger   = []string{"repo", "ref", "kind", "subject", "at", "asked", "cause", "data", "prev", "hash"}
)

// rowsFilled of each table in one transaction.
const rowsFilled = 20 * rowsAtOnce

// Fill writes n deliveries that were handled an hour ago into an empty database,
// with an effect of each that was carried out and what the ledger says of it, all
// of one repository, as months of use leave them: bench grow begins with so many.
// It asks of none whether it is known.
func (s *Store) Fill(ctx context.Context, n int, past func(i int) (bot.Letter, bot.Task, bot.Fact)) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	f := filling{at: micros(now.Add(-time.Hour)), past: past}
	for i := 0; i < n; i += rowsFilled {
		err := s.inTx(ctx, "fill", nil, func(tx txn) error {
			for from := i; from < min(i+rowsFilled, n); from += rowsAtOnce {
				if err := f.some(ctx, tx, from, min(from+rowsAtOnce, i+rowsFilled, n)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("fill the database: %w", err)
		}
	}
	return nil
}

type filling struct {
	at   int64
	past func(i int) (bot.Letter, bot.Task, bot.Fact)
	hash string // of the last fact
}

func (f *filling) some(ctx context.Context, tx txn, from, to int) error {
	var inbox, outbox, receipts, ledger []any
	for i := from; i < to; i++ {
		l, t, fact := f.past(i)
		body, coding := pack(l.Body)
		inbox = append(inbox, l.ID, l.Source, l.Name, body, coding, f.at, f.at, bot.LetterDone, l.Kind, l.Subject, f.at)
		receipt, err := json.Marshal(t.Receipt)
		if err != nil {
			return err
		}
		outbox = append(outbox, t.Kind, t.Key, t.Group, t.Body, t.Hash, t.Cause, 0, bot.TaskDone, 1, string(receipt), f.at, f.at, f.at)
		receipts = append(receipts, t.Kind, t.Key, string(receipt), t.Hash, f.at)
		fact.At = fromMicros(f.at)
		ref, err := json.Marshal(fact.Repo)
		if err != nil {
			return err
		}
		prev := f.hash
		f.hash = chain(prev, fact)
		ledger = append(ledger, fact.Repo.Key(), string(ref), fact.Kind, fact.Subject, f.at, fact.By, fact.Cause, string(fact.Data), prev, f.hash)
	}
	return errorsJoin(tx.insertRows(ctx, "inbox", filled, inbox), tx.insertRows(ctx, "outbox", filledEffects, outbox),
		tx.insertRows(ctx, "receipts", filledReceipts, receipts), tx.insertRows(ctx, "ledger", filledLedger, ledger))
}
