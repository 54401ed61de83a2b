package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
)

// SQLite has one writer, and a commit waits for the disk. So the transactions
// that came while the last commit ran share the next one: each has a savepoint
// of its own, to which it alone goes back when it fails, and is answered when
// the commit is on disk. Nobody waits for more to come.

// sharing is how many transactions share a commit at most.
const sharing = 128

// part is a transaction that shares a commit.
type part struct {
	ctx   context.Context
	f     func(txn) error
	state atomic.Int32
	ended chan struct{} // closed once err is there
	err   error
}

// States of a part: it may go away as long as it waits.
const (
	partWaits = iota
	partBegun
	partGone
)

func shareWritten(list []*part) int { return min(len(list), sharing) }

// together runs f in a savepoint of the next commit, and answers when that is
// on disk. Once f has begun it is not interrupted: SQLite would undo what the
// others did as well.
func (s *Store) together(ctx context.Context, f func(txn) error) error {
	p := &part{ctx: ctx, f: f, ended: make(chan struct{})}
	if err := s.commits.join(p); err != nil {
		return err
	}
	select {
	case <-p.ended:
	case <-ctx.Done():
		if p.state.CompareAndSwap(partWaits, partGone) {
			return ctx.Err()
		}
		<-p.ended
	}
	return p.err
}

// commitAll carries out what waits, commits it and answers.
func (s *Store) commitAll(batch []*part) {
	err := s.carryOut(batch)
	for _, p := range batch {
		if p.err == nil {
			p.err = err // one that failed by itself knows why
		}
		close(p.ended)
	}
}

// carryOut runs the parts that still wait and commits. With an error nothing
// of them is saved; the error of one that failed alone is in it.
func (s *Store) carryOut(batch []*part) error {
	tx, err := s.write.DB.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	for _, p := range batch {
		if !p.state.CompareAndSwap(partWaits, partBegun) {
			continue
		}
		var broken error
		if p.err, broken = s.aside(tx, p); broken != nil {
			return errors.Join(broken, ignoreDone(tx.Rollback()))
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// aside runs a part in a savepoint. The whole is broken where that cannot be
// left: then nothing of it is saved.
func (s *Store) aside(tx *sql.Tx, p *part) (own, broken error) {
	t := txn{querier{s.dialect, whole{tx}}}
	ctx := context.WithoutCancel(p.ctx)
	if _, err := t.ExecContext(ctx, `SAVEPOINT part`); err != nil {
		return nil, fmt.Errorf("begin a part: %w", err)
	}
	if own = p.f(t); own != nil {
		if _, err := t.ExecContext(ctx, `ROLLBACK TO part`); err != nil {
			return own, fmt.Errorf("another part failed (%w), and could not be undone alone: %w", own, err)
		}
	}
	if _, err := t.ExecContext(ctx, `RELEASE part`); err != nil {
		return own, fmt.Errorf("end a part: %w", err)
	}
	return own, nil
}

// whole is a transaction that no statement's context ends: it is of others, too.
type whole struct{ tx *sql.Tx }

func (w whole) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	return w.tx.ExecContext(context.WithoutCancel(ctx), text, args...)
}

func (w whole) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	return w.tx.QueryContext(context.WithoutCancel(ctx), text, args...)
}

func (w whole) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	return w.tx.QueryRowContext(context.WithoutCancel(ctx), text, args...)
}
