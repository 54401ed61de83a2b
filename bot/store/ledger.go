package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

const lastFact = `SELECT hash FROM ledger WHERE repo = $1 ORDER BY seq DESC LIMIT 1`

// learn appends a fact. Its hash covers the one before it of the repository,
// so that none can be taken out or changed unseen.
func learn(ctx context.Context, tx txn, f bot.Fact) error {
	f.Kind, f.Subject, f.By, f.Cause = legible(f.Kind), legible(f.Subject), legible(f.By), legible(f.Cause) // as it is stored
	var prev string
	err := tx.QueryRowContext(ctx, lastFact, f.Repo.Key()).Scan(&prev)
	if _, _, err := found(prev, err, "read the ledger of "+string(f.Repo.Name)); err != nil {
		return err
	}
	ref, err := json.Marshal(f.Repo)
	if err != nil {
		return err
	}
	hash := chain(prev, f)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO ledger (repo, ref, kind, subject, at, asked, cause, data, prev, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		f.Repo.Key(), string(ref), f.Kind, f.Subject, micros(f.At), f.By, f.Cause, string(f.Data), prev, hash)
	if err != nil {
		return fmt.Errorf("learn %s: %w", f.Kind, err)
	}
	return nil
}

// chain is the SHA-256 of the hash before and of all that the fact says.
func chain(prev string, f bot.Fact) string {
	h := sha256.New()
	for _, s := range []string{prev, f.Repo.Key(), f.Kind, f.Subject, fmt.Sprint(micros(f.At)), f.By, f.Cause, string(f.Data)} {
		fmt.Fprintf(h, "%d:%s,", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Facts of the ledger, oldest first by the order in which they were learned.
func (s *Store) Facts(ctx context.Context, q bot.FactQuery) (facts []bot.Fact, err error) {
	where, args := "1 = 1", []any{}
	and := func(cond string, values ...any) {
		where += fmt.Sprintf(" AND "+cond, list(len(args)+1, len(values)))
		args = append(args, values...)
	}
	if q.Repo.ID != 0 {
		and("repo = %s", q.Repo.Key())
	}
	if len(q.Kinds) > 0 {
		kinds := make([]any, len(q.Kinds))
		for i, k := range q.Kinds {
			kinds[i] = k
		}
		and("kind IN (%s)", kinds...)
	}
	if q.Subject != "" {
		and("subject = %s", q.Subject)
	}
	if !q.From.IsZero() {
		and("at >= %s", micros(q.From))
	}
	if !q.To.IsZero() {
		and("at < %s", micros(q.To))
	}
	if q.Last <= 0 {
		return s.facts(ctx, where+" ORDER BY seq", args)
	}
	args = append(args, q.Last)
	facts, err = s.facts(ctx, fmt.Sprintf("%s ORDER BY seq DESC LIMIT $%d", where, len(args)), args)
	slices.Reverse(facts)
	return facts, err
}

func (s *Store) facts(ctx context.Context, where string, args []any) ([]bot.Fact, error) {
	return read(ctx, s.read.querier, "read the ledger", scanFact, `SELECT ref, kind, subject, at, asked, cause, data FROM ledger WHERE `+where, args...)
}

func scanFact(row scanner) (f bot.Fact, err error) {
	var ref, data string
	var at int64
	if err := row.Scan(&ref, &f.Kind, &f.Subject, &at, &f.By, &f.Cause, &data); err != nil {
		return f, err
	}
	f.At, f.Data = fromMicros(at), json.RawMessage(data)
	return f, json.Unmarshal([]byte(ref), &f.Repo)
}

// VerifyLedger checks every chain and names the first link that does not hold.
func (s *Store) VerifyLedger(ctx context.Context) error { return verifyLedger(ctx, s.read.querier) }

func verifyLedger(ctx context.Context, q querier) error {
	rows, err := q.QueryContext(ctx, `SELECT seq, repo, kind, subject, at, asked, cause, data, prev, hash FROM ledger ORDER BY seq`)
	if err != nil {
		return fmt.Errorf("verify the ledger: %w", err)
	}
	defer rows.Close() //nolint:errcheck // what matters is in rows.Err
	last := map[string]string{}
	for rows.Next() {
		var seq, at int64
		var repo, data, prev, hash string
		var f bot.Fact
		if err := rows.Scan(&seq, &repo, &f.Kind, &f.Subject, &at, &f.By, &f.Cause, &data, &prev, &hash); err != nil {
			return fmt.Errorf("verify the ledger: %w", err)
		}
		f.At, f.Data = time.UnixMicro(at), json.RawMessage(data)
		if _, err := fmt.Sscanf(strings.ReplaceAll(repo, "/", " "), "%d %d", &f.Repo.Installation, &f.Repo.ID); err != nil {
			return fmt.Errorf("verify the ledger: entry %d: %w", seq, err)
		}
		if prev != last[repo] || chain(prev, f) != hash {
			return fmt.Errorf("verify the ledger: entry %d of %s does not follow from the one before it", seq, repo)
		}
		last[repo] = hash
	}
	return rows.Err()
}
