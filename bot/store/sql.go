package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

func errorsJoin(errs ...error) error { return errors.Join(errs...) }

// Now is the only clock: the database's, or the one that Options gave.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	if s.clock != nil {
		return s.clock(), nil
	}
	var ms int64
	err := s.read.QueryRowContext(ctx, s.now).Scan(&ms)
	if err != nil {
		return time.Time{}, fmt.Errorf("ask the database for the time: %w", err)
	}
	return time.UnixMilli(ms).UTC(), nil
}

// txn is a write transaction.
type txn struct{ querier }

// inTx runs f in one write transaction, which holds locks from its beginning.
func (s *Store) inTx(ctx context.Context, what string, l locks, f func(txn) error) error {
	if s.lock == "" { // one writer needs no locks
		if err := s.together(ctx, f); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	}
	tx, err := s.write.DB.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	t := txn{querier{s.dialect, tx}}
	err = t.hold(ctx, l)
	if err == nil {
		err = f(t)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, errorsJoin(collided(err), ignoreDone(tx.Rollback())))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%s: commit: %w", what, s.unsure(collided(err)))
	}
	return nil
}

// ErrUnsure is that the connection ended at a commit: whether it took place is
// not known.
var ErrUnsure = errors.New("whether it was saved is not known")

// unsure marks the error of a commit that the server did not answer.
func (s *Store) unsure(err error) error {
	var refused *pgconn.PgError
	if s.file != nil || errors.As(err, &refused) && !cut(err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnsure, err)
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// one reports whether exactly one row was touched.
func one(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// list makes "$3, $4, $5" for n arguments that begin at from.
func list(from, n int) string {
	marks := make([]string, n)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", from+i)
	}
	return strings.Join(marks, ", ")
}
