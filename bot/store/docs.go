package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

const document = `SELECT version, body FROM docs WHERE key = $1`

// Doc reads the document of a key into doc, a pointer to a type that embeds
// bot.Version. It reports false, and changes nothing, when there is none.
func (s *Store) Doc(ctx context.Context, key string, doc interface{ SetVersion(int) }) (bool, error) {
	var version int
	var body []byte
	err := s.read.QueryRowContext(ctx, document, key).Scan(&version, &body)
	if _, ok, err := found(version, err, "read "+key); err != nil || !ok {
		return false, err
	}
	if err := json.Unmarshal(body, doc); err != nil {
		return false, fmt.Errorf("read %s: %w", key, err)
	}
	doc.SetVersion(version)
	return true, nil
}

// Keys of the documents that begin with prefix, in order.
func (s *Store) Keys(ctx context.Context, prefix string) ([]string, error) {
	return read(ctx, s.read.querier, "list "+prefix, only[string],
		`SELECT key FROM docs WHERE key >= $1 AND key < $2 ORDER BY key`, prefix, prefix+"\U0010FFFF")
}

const heldUnder = `SELECT docs.key, docs.version, docs.body FROM claims JOIN docs ON docs.key = claims.doc
	WHERE claim >= $1 AND claim < $2 AND released IS NULL ORDER BY claim`

// Held reads, in one query, the documents that hold a claim which begins with
// prefix, in the order of the claims: each into what next gives, as Doc does.
func (s *Store) Held(ctx context.Context, prefix string, next func() interface{ SetVersion(int) }) error {
	rows, err := s.read.QueryContext(ctx, heldUnder, prefix, prefix+"\U0010FFFF")
	if err != nil {
		return fmt.Errorf("read what holds %s: %w", prefix, err)
	}
	defer rows.Close() //nolint:errcheck // what matters is in rows.Err
	for rows.Next() {
		var key string
		var version int
		var body []byte
		if err := rows.Scan(&key, &version, &body); err != nil {
			return fmt.Errorf("read what holds %s: %w", prefix, err)
		}
		doc := next()
		if err := json.Unmarshal(body, doc); err != nil {
			return fmt.Errorf("read %s: %w", key, err)
		}
		doc.SetVersion(version)
	}
	return rows.Err()
}

// unchanged makes sure that a document is as it was when it was read, or is
// still missing.
func unchanged(ctx context.Context, tx txn, seen bot.Seen) error {
	var version int
	err := tx.QueryRowContext(ctx, `SELECT version FROM docs WHERE key = $1`, seen.Key).Scan(&version)
	if _, _, err := found(version, err, "look at "+seen.Key); err != nil {
		return err
	}
	if version != seen.Version {
		return fmt.Errorf("look at %s: %w", seen.Key, bot.ErrConflict)
	}
	return nil
}

// keep saves a document if its version is the one that was read.
func keep(ctx context.Context, tx txn, d bot.Doc, now time.Time) error {
	body, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode %s: %w", d.DocKey(), err)
	}
	var ok bool
	if d.DocVersion() == 0 {
		ok, err = one(tx.ExecContext(ctx, `INSERT INTO docs (key, version, body, at) VALUES ($1, 1, $2, $3)
			ON CONFLICT (key) DO NOTHING`, d.DocKey(), body, micros(now)))
	} else {
		ok, err = one(tx.ExecContext(ctx, `UPDATE docs SET version = version + 1, body = $3, at = $4
			WHERE key = $1 AND version = $2`, d.DocKey(), d.DocVersion(), body, micros(now)))
	}
	if err != nil {
		return fmt.Errorf("keep %s: %w", d.DocKey(), err)
	}
	if !ok {
		return fmt.Errorf("keep %s: %w", d.DocKey(), bot.ErrConflict)
	}
	return nil
}

// release gives up the claims that d no longer makes; claim takes its new
// ones. All documents of a plan release before one claims, so that a claim
// can pass from hand to hand in one transaction.
func release(ctx context.Context, tx txn, d bot.Doc, now time.Time) error {
	held, err := held(ctx, tx, d.DocKey())
	if err != nil {
		return err
	}
	for _, c := range held {
		if slices.Contains(d.Claims(), c) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE claims SET released = $3
			WHERE claim = $1 AND doc = $2 AND released IS NULL`, c, d.DocKey(), micros(now)); err != nil {
			return fmt.Errorf("release %s: %w", c, err)
		}
	}
	return nil
}

func claim(ctx context.Context, tx txn, d bot.Doc, now time.Time) error {
	held, err := held(ctx, tx, d.DocKey())
	if err != nil {
		return err
	}
	for _, c := range d.Claims() {
		if slices.Contains(held, c) {
			continue
		}
		ok, err := one(tx.ExecContext(ctx, `INSERT INTO claims (claim, doc, taken) VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, c, d.DocKey(), micros(now)))
		if err != nil {
			return fmt.Errorf("claim %s: %w", c, err)
		}
		if !ok {
			return fmt.Errorf("claim %s for %s: %w", c, d.DocKey(), bot.ErrConflict)
		}
	}
	return nil
}

func held(ctx context.Context, tx txn, doc string) ([]string, error) {
	return read(ctx, tx.querier, "read the claims of "+doc, only[string], `SELECT claim FROM claims WHERE doc = $1 AND released IS NULL`, doc)
}

const holder = `SELECT doc FROM claims WHERE claim = $1 AND released IS NULL`

// Holder is the document that holds a claim, or "".
func (s *Store) Holder(ctx context.Context, claim string) (doc string, err error) {
	err = s.read.QueryRowContext(ctx, holder, claim).Scan(&doc)
	doc, _, err = found(doc, err, "read claim "+claim)
	return doc, err
}
