package store

import (
	"context"
	"encoding/json"

	"github.com/roundtrip-bot/roundtrip/bot"
)

const receiptOf = `SELECT receipt, hash FROM receipts WHERE kind = $1 AND key = $2`

// Receipt is what was last written under a kind and key, and its hash.
func (s *Store) Receipt(ctx context.Context, kind, key string) (r bot.Receipt, hash string, ok bool, err error) {
	var text string
	err = s.read.QueryRowContext(ctx, receiptOf, kind, key).Scan(&text, &hash)
	if _, ok, err = found(text, err, "read receipt "+kind+" "+key); err != nil || !ok {
		return r, "", ok, err
	}
	return r, hash, true, json.Unmarshal([]byte(text), &r)
}

const taskColumns = `seq, kind, key, grp, body, hash, cause, is_order, state, attempts, tries, away, lapses, owner, receipt, error, at, due`

func scanTask(row scanner) (t bot.Task, err error) {
	var at, due int64
	var receipt string
	err = row.Scan(&t.Seq, &t.Kind, &t.Key, &t.Group, &t.Body, &t.Hash, &t.Cause, &t.Order, &t.State,
		&t.Attempts, &t.Tries, &t.Away, &t.Lapses, &t.Owner, &receipt, &t.Error, &at, &due)
	t.At, t.Due = fromMicros(at), fromMicros(due)
	if err == nil && receipt != "" {
		err = json.Unmarshal([]byte(receipt), &t.Receipt)
	}
	return t, err
}
