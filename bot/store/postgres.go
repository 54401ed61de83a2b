package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// oldest is the first PostgreSQL that we are tested with.
const oldest = 15

// connections that one process holds: its loops, its hooks and its listening.
const connections = 16

// openPostgres opens a database that any number of processes share.
func (s *Store) openPostgres(ctx context.Context, url string) error {
	return s.connect(ctx, url, map[string]string{"default_transaction_isolation": "read committed"})
}

// readPostgres opens it to read alone.
func (s *Store) readPostgres(ctx context.Context, url string) error {
	return s.connect(ctx, url, map[string]string{"default_transaction_read_only": "on"})
}

func (s *Store) connect(ctx context.Context, url string, with map[string]string) error {
	c, err := pgx.ParseConfig(url)
	if err != nil {
		return errors.New("it is no address of a PostgreSQL database; write postgres://name:password@host:5432/database")
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 5 * time.Second
	}
	for name, value := range map[string]string{
		"application_name": "roundtrip", "synchronous_commit": "on",
		// Whoever went away in the middle of something must not hold up the rest.
		"idle_in_transaction_session_timeout": "10000", "lock_timeout": "15000",
	} {
		if _, set := c.RuntimeParams[name]; !set {
			c.RuntimeParams[name] = value
		}
	}
	for name, value := range with {
		c.RuntimeParams[name] = value
	}
	db := stdlib.OpenDB(*c)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	s.uses(db, db)
	return s.reachable(ctx, c.Password)
}

// reachable makes sure that there is a PostgreSQL, and one that we know.
func (s *Store) reachable(ctx context.Context, password string) error {
	var version int
	err := s.read.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int`).Scan(&version)
	if err != nil {
		return withoutPassword(err, password)
	}
	if version/10000 < oldest {
		return fmt.Errorf("it is PostgreSQL %d; at least %d is needed", version/10000, oldest)
	}
	return nil
}

// withoutPassword: the driver leaves it out of its errors; what other parts of
// the way there say is looked through, too.
func withoutPassword(err error, password string) error {
	if password == "" || !strings.Contains(err.Error(), password) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), password, "[secret]"))
}

// raw runs f with a connection of its own, which is closed after it.
func raw(ctx context.Context, db *sql.DB, f func(*pgx.Conn) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	err = conn.Raw(func(c any) error {
		own := c.(*stdlib.Conn).Conn()
		return errorsJoin(f(own), own.Close(context.WithoutCancel(ctx)))
	})
	return errorsJoin(err, ignoreClosed(conn.Close()))
}

// cut reports whether an error is the end of a connection that was made before,
// as by a database that starts anew; the next one may hold.
func cut(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return strings.HasPrefix(pg.Code, "57P") // admin shutdown, crash shutdown, cannot connect now
	}
	return pgconn.SafeToRetry(err)
}

// away reports whether an error is that of a database which was not reached:
// less of the same would not reach it either. When our own time ran out before
// anything was sent, the driver says the same of it, and more time may reach it.
func away(err error) bool {
	var connect *pgconn.ConnectError
	return !late(err) && (cut(err) || errors.As(err, &connect))
}

func ignoreClosed(err error) error {
	if errors.Is(err, sql.ErrConnDone) {
		return nil
	}
	return err
}
