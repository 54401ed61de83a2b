// Package store keeps what we know: what reached us (inbox), what we owe the
// world (outbox), state (docs, claims) and what happened, for ever (ledger).
// It is a SQLite file, which one process opens, or a PostgreSQL database, which
// any number of processes share. What Hear or Save returned without an error
// is on disk.
//
//   - dialect.go            what the two say differently
//   - sqlite.go postgres.go how each is opened
//   - prepared.go           statements that SQLite compiled are kept
//   - queue.go              who waits for the next commit
//   - hear_queue.go         what is heard at once is stored at once
//   - together.go           what is written at once shares a commit, on SQLite
//   - line.go               whose turn it is of a subject's letters, and of a group's effects
//   - locks.go              what must not change under a transaction
//   - hints.go              processes wake one another
//   - set_back.go           nothing waits for a clock that was set back
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Store is an open database.
type Store struct {
	*dialect
	write       handle
	read        handle
	clock       func() time.Time // nil: the database's
	file        *os.File         // locked, where it is a file
	heard       queue[*hearing]  // what waits to be stored
	commits     queue[*part]     // what waits for SQLite's next commit
	hints       chan struct{}    // nil where nobody shares the database
	stop        context.CancelFunc
	over        counted      // for Tally
	seen        atomic.Int64 // the time, in microseconds, when work was looked for last
	settingBack sync.Mutex   // one loop makes up for a clock that was set back
}

// handle is a way to the database.
type handle struct {
	querier
	DB *sql.DB
}

// Options of Open.
type Options struct {
	// Clock replaces the database's clock; stories and simulations have their
	// own. Nothing else in the program may ask for the time.
	Clock func() time.Time
}

// Open opens the database that url names (sqlite:FILE or postgres://…) and
// brings its schema up to date. A SQLite file is locked against a second
// process. A schema newer than this program is refused. No error shows the
// password in url.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	s, err := opened(ctx, url, (*Store).openSQLite, (*Store).openPostgres)
	if err != nil {
		return nil, err
	}
	s.clock = o.Clock
	if err := s.migrating(ctx, func() error { return s.migrate(ctx) }); err != nil {
		return nil, fmt.Errorf("open database: %w", errorsJoin(err, s.Close()))
	}
	if s.lock != "" {
		s.shareHints() //nolint:contextcheck // until Close, not only while it is opened
	}
	return s, nil
}

// opened is the store of a url, opened by whom its database is; both kinds are
// refused alike.
func opened(ctx context.Context, url string, file, shared func(*Store, context.Context, string) error) (*Store, error) {
	s, open, where := &Store{}, shared, url
	s.heard.room, s.heard.share, s.heard.serve = waitingRoom, shareStored, s.hearAll
	s.commits.share, s.commits.serve = shareWritten, s.commitAll
	s.seen.Store(never)
	s.over.turn = make(chan struct{}, 1)
	path, isFile := strings.CutPrefix(url, "sqlite:")
	switch {
	case isFile && path != "":
		s.dialect, open, where = &sqlite, file, path
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		s.dialect = &postgres
	default:
		return nil, errors.New("open database: it is named neither as sqlite:FILE nor as postgres://name:password@host:5432/database")
	}
	if err := open(s, ctx, where); err != nil {
		return nil, fmt.Errorf("open database: %w", errorsJoin(err, s.Close()))
	}
	return s, nil
}

// uses a connection to write and one to read, which may be the same.
func (s *Store) uses(write, read *sql.DB) {
	s.write, s.read = handle{querier{s.dialect, write}, write}, handle{querier{s.dialect, read}, read}
}

// Resume ends the leases of a process that is gone. The file is locked, so
// whoever held them cannot be working still: work goes on at once instead of
// when the leases run out. In a database that others share it ends none: they
// may be working.
func (s *Store) Resume(ctx context.Context) error {
	if s.file == nil {
		return nil
	}
	return s.inTx(ctx, "resume", nil, func(tx txn) error {
		if _, err := tx.ExecContext(ctx, "UPDATE inbox SET until = 0 WHERE state = 'handling'"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE outbox SET until = 0 WHERE state = 'performing'")
		return err
	})
}

// Close closes the database; everything saved is on disk already. What is being
// heard is stored and answered first.
func (s *Store) Close() error {
	s.heard.close()
	s.commits.close()
	var errs []error
	if s.stop != nil {
		s.stop()
	}
	for _, h := range []handle{s.read, s.write} {
		if h.DB != nil {
			errs = append(errs, h.DB.Close())
		}
	}
	if s.file != nil {
		errs = append(errs, unlockFile(s.file))
	}
	return errorsJoin(errs...)
}

// Ping reports whether the database answers. It waits behind no commit.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.read.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}
