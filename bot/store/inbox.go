package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

const nextNew = `SELECT ` + letterColumns + ` FROM inbox WHERE state = 'new' ORDER BY seq LIMIT 1`

// NextNew is the oldest letter that nobody has opened.
func (s *Store) NextNew(ctx context.Context) (bot.Letter, bool, error) {
	l, err := scanLetter(s.read.QueryRowContext(ctx, nextNew))
	return found(l, err, "look for new letters")
}

// Sort puts an opened letter in its subject's line, or lays it aside.
func (s *Store) Sort(ctx context.Context, l bot.Letter) error {
	return s.inTx(ctx, "sort delivery "+l.ID, lines(l.Subject, nil), func(tx txn) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE inbox SET state = $2, kind = $3, subject = $4, event = $5, error = $6
			WHERE seq = $1 AND state = 'new'`, l.Seq, l.State, l.Kind, l.Subject, l.Event, l.Error)
		if err != nil {
			return err
		}
		return tx.lineUp(ctx, ofLetters, l.Subject)
	})
}

// RetryLetter puts a claimed letter back until a moment, with the tries that
// count so far; its subject waits.
// tell, if there is one, is heard in the same transaction, once a letter.
func (s *Store) RetryLetter(ctx context.Context, l bot.Letter, at time.Time, why string, tell bot.Event) error {
	return s.settleLetter(ctx, l, bot.LetterReady, at, why, "stuck/"+l.ID, tell)
}

// FailLetter gives a claimed letter up; it stays visible and its subject goes
// on. tell, if there is one, is heard in the same transaction.
func (s *Store) FailLetter(ctx context.Context, l bot.Letter, why string, tell bot.Event) error {
	return s.settleLetter(ctx, l, bot.LetterFailed, time.Time{}, why, "given-up/"+l.ID, tell)
}

func (s *Store) settleLetter(ctx context.Context, l bot.Letter, state string, at time.Time, why, id string, tell bot.Event) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	err = s.inTx(ctx, "settle delivery "+l.ID, lines(l.Subject, tell), func(tx txn) error {
		ok, err := one(tx.ExecContext(ctx, `
			UPDATE inbox SET state = $3, retry_at = $4, error = $5, tries = $6, owner = '', turn = NULL
			WHERE seq = $1 AND owner = $2 AND attempts = $7 AND state = 'handling'`, l.Seq, l.Owner, state, micros(at), why, l.Tries, l.Attempts))
		if err != nil {
			return err
		}
		if !ok {
			return bot.ErrConflict
		}
		if err := hearOurs(ctx, tx, id, tell, now); err != nil {
			return err
		}
		return tx.lineUp(ctx, ofLetters, append(subjectOf(tell), l.Subject)...)
	})
	if err == nil {
		s.hint() // the subject goes on
	}
	return err
}

// Letter finds a delivery by its id.
func (s *Store) Letter(ctx context.Context, id string) (bot.Letter, bool, error) {
	l, err := scanLetter(s.read.QueryRowContext(ctx, `SELECT `+letterColumns+` FROM inbox WHERE id = $1`, id))
	return found(l, err, "find delivery "+id)
}

// knownOf is one text, however many are named.
const knownOf = `SELECT id FROM inbox WHERE id IN (SELECT name FROM ({{.names}}) AS l)`

// Known are those of some ids, at most a few hundred, under which a delivery
// was heard, whatever became of it.
func (s *Store) Known(ctx context.Context, ids []string) (map[string]bool, error) {
	known := map[string]bool{}
	if len(ids) == 0 {
		return known, nil
	}
	of := make([]string, len(ids))
	for i, id := range ids {
		of[i] = legible(id)
	}
	named, err := json.Marshal(of)
	if err != nil {
		return nil, err
	}
	found, err := read(ctx, s.read.querier, "look which deliveries are known", only[string], knownOf, string(named))
	for _, id := range found {
		known[id] = true
	}
	return known, err
}

// Letters in a state, newest first, at most limit.
func (s *Store) Letters(ctx context.Context, state string, limit int) ([]bot.Letter, error) {
	return s.LettersBefore(ctx, state, math.MaxInt64, limit)
}

// LettersBefore are those of Letters with a smaller Seq.
func (s *Store) LettersBefore(ctx context.Context, state string, before int64, limit int) ([]bot.Letter, error) {
	// Which they are the index says alone: no other row is read.
	return read(ctx, s.read.querier, "list deliveries", scanLetter, `SELECT `+letterColumns+` FROM inbox WHERE seq IN (SELECT seq FROM inbox WHERE state = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3) ORDER BY seq DESC`, state, before, limit)
}

// wake stores a timer. One that still waits is moved, in the line in which it
// stands, as if it had been set now; one that has rung is not. Whoever calls it settles who is first of its
// subject.
func wake(ctx context.Context, tx txn, id, source, kind, subject string, event []byte, now, due time.Time) error {
	var in string
	err := tx.QueryRowContext(ctx, `
		INSERT INTO inbox (id, source, name, body, at, due, state, kind, subject, event)
		VALUES ($1, $2, $3, $4, $5, $6, 'ready', $3, $7, $4)
		ON CONFLICT (id) DO UPDATE SET at = excluded.at, due = excluded.due, event = excluded.event, body = excluded.body
		WHERE inbox.state = 'ready' AND inbox.attempts = 0 RETURNING subject`,
		id, source, kind, event, micros(now), micros(due), subject).Scan(&in)
	if errors.Is(err, sql.ErrNoRows) || err == nil && in == legible(subject) {
		return nil
	}
	return errorsJoin(err, tx.lineUpBesides(ctx, "subject", ofLetters, in))
}

const letterColumns = `seq, id, source, name, body, coding, at, due, state, kind, subject, event, attempts, tries, lapses, owner, error, retry_at`

func scanLetter(row scanner) (l bot.Letter, err error) {
	var at, due, retry int64
	var coding string
	err = row.Scan(&l.Seq, &l.ID, &l.Source, &l.Name, &l.Body, &coding, &at, &due, &l.State,
		&l.Kind, &l.Subject, &l.Event, &l.Attempts, &l.Tries, &l.Lapses, &l.Owner, &l.Error, &retry)
	if err == nil {
		unpack(&l, coding)
	}
	l.At, l.Due, l.RetryAt = fromMicros(at), fromMicros(due), fromMicros(retry)
	return l, err
}

// found tells a missing row from an error.
func found[T any](v T, err error, what string) (T, bool, error) {
	var zero T
	if errors.Is(err, sql.ErrNoRows) {
		return zero, false, nil
	}
	if err != nil {
		return zero, false, fmt.Errorf("%s: %w", what, err)
	}
	return v, true, nil
}
