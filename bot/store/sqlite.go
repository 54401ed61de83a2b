package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
)

// openSQLite opens the file, which one process at a time works on: write-ahead
// log, synchronous FULL, one writer.
func (s *Store) openSQLite(_ context.Context, path string) (err error) {
	if s.file, err = lockFile(path + ".lock"); err != nil {
		return err
	}
	if err := private(path); err != nil {
		return err
	}
	// Pragmas belong into the DSN: run later, they would reach one connection.
	dsn := "file:" + path + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)"
	write, err := openPrepared(dsn + "&_txlock=immediate")
	if err != nil {
		return err
	}
	write.SetMaxOpenConns(1)
	read, err := openPrepared(dsn + "&_pragma=query_only(1)")
	if err != nil {
		return errorsJoin(err, write.Close())
	}
	read.SetMaxOpenConns(4)
	s.uses(write, read)
	return nil
}

// readSQLite opens the file to read it beside the process that works on it.
func (s *Store) readSQLite(_ context.Context, path string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("there is no file %s; roundtrip serve makes it", path)
	}
	read, err := openPrepared("file:" + path + "?_pragma=busy_timeout(5000)&_pragma=query_only(1)")
	if err != nil {
		return err
	}
	s.uses(read, read)
	return nil
}

// private makes the file for us alone before SQLite does: it holds what
// people wrote. SQLite gives its companions the same mode.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	return f.Close()
}

// lockFile makes sure that one process at a time works on the file.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errorsJoin(fmt.Errorf("%s is held: another roundtrip works on this file; stop it first, or set ROUNDTRIP_DATABASE_URL to another", path), f.Close())
	}
	return f, nil
}

// unlockFile lets others work on the file from now on. To close it is not
// enough: a child that is being started beside this has it open until its
// program begins. Twice does no harm.
func unlockFile(f *os.File) error {
	let := syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
	if err := f.Close(); !errors.Is(err, os.ErrClosed) {
		return errorsJoin(let, err)
	}
	return nil
}
