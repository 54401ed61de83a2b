// Package store keeps what we know: what reached us (inbox), what we owe the
// world (outbox), state (docs, claims) and what happened, for ever (ledger).
// One process opens one SQLite file: write-ahead log, synchronous FULL, one
// writer. What Hear or Save returned without an error is on disk.
package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite", in pure Go
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is an open database.
type Store struct {
	write *sql.DB // one connection: SQLite has one writer
	read  *sql.DB
	clock func() time.Time // nil: the database's
	lock  *os.File
}

// Options of Open.
type Options struct {
	// Clock replaces the database's clock; stories and simulations have their
	// own. Nothing else in the program may ask for the time.
	Clock func() time.Time
}

// Open opens the database that url names ("sqlite:roundtrip.db"), brings its
// schema up to date and locks it against a second process. A schema newer
// than this program is refused.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok || path == "" {
		return nil, fmt.Errorf("open database: %q is not of the form sqlite:FILE", url)
	}
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	if err := private(path); err != nil {
		return nil, errorsJoin(err, lock.Close())
	}
	s := &Store{clock: o.Clock, lock: lock}
	if err := s.connect(ctx, path); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, errorsJoin(err, s.Close()))
	}
	return s, nil
}

func (s *Store) connect(ctx context.Context, path string) (err error) {
	// Pragmas belong into the DSN: run later, they would reach one connection.
	dsn := "file:" + path + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)"
	if s.write, err = sql.Open("sqlite", dsn+"&_txlock=immediate"); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", dsn+"&_pragma=query_only(1)"); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(4)
	return s.migrate(ctx)
}

func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.write, files)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if have > want {
		return fmt.Errorf("its schema is version %d, newer than this program's %d: run the newer program", have, want)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Resume ends the leases of a process that is gone. The file is locked, so
// whoever held them cannot be working still: work goes on at once instead of
// when the leases run out.
func (s *Store) Resume(ctx context.Context) error {
	return s.inTx(ctx, "resume", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE inbox SET until = 0 WHERE state = 'handling'"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE outbox SET until = 0 WHERE state = 'performing'")
		return err
	})
}

// Close closes the database; everything saved is on disk already.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return errorsJoin(errs...)
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.write.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// private makes the file for us alone before SQLite does: it holds what
// people wrote. SQLite gives its companions the same mode.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	return f.Close()
}

// lockFile makes sure that one process at a time works on the file.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errorsJoin(fmt.Errorf("open database: %s is held: another roundtrip works on this file; stop it first, or set ROUNDTRIP_DATABASE_URL to another", path), f.Close())
	}
	return f, nil
}
