package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	modernc "modernc.org/sqlite"
)

// SQLite compiles each statement before it runs it, which takes as long as most
// of ours run. Each connection keeps those that it compiled, as pgx does for
// PostgreSQL.

// preparedAtMost is how many statements a connection keeps, several times those
// that there are: their texts are fixed, but for how many kinds, or rows in whole
// powers of two, one brings.
const preparedAtMost = 512

// openPrepared opens a database file whose connections keep their statements.
func openPrepared(dsn string) (*sql.DB, error) {
	c, err := modernc.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(preparing{c}), nil
}

type preparing struct{ driver.Connector }

// Connect implements driver.Connector.
func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	of, ok := c.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("the driver of SQLite lacks what its statements are prepared by"), c.Close())
	}
	return &preparedConn{sqliteConn: of, known: map[string]*statement{}}, nil
}

// sqliteConn is what database/sql asks of a connection.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// preparedConn is a connection with the statements that it knows. database/sql
// lets one goroutine at a time use it.
type preparedConn struct {
	sqliteConn
	known map[string]*statement
}

// statement is compiled. While its rows are read it cannot run again.
type statement struct {
	compiled
	busy bool
}

type compiled interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// of is the statement of a text, compiled now if it was not before; nil while
// its rows are read.
func (c *preparedConn) of(ctx context.Context, text string) (*statement, error) {
	if s := c.known[text]; s != nil {
		if s.busy {
			return nil, nil //nolint:nilnil // there is none to be had, which is no error
		}
		return s, nil
	}
	made, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	s := &statement{compiled: made.(compiled)} //nolint:forcetypeassert // a statement of the driver above
	if len(c.known) >= preparedAtMost {
		err = c.forget()
	}
	c.known[text] = s
	return s, err
}

// forget the statements that do not run.
func (c *preparedConn) forget() (err error) {
	for text, s := range c.known {
		if !s.busy {
			err = errors.Join(err, s.Close())
			delete(c.known, text)
		}
	}
	return err
}

// ExecContext implements driver.ExecerContext.
func (c *preparedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.of(ctx, text)
	if s == nil || err != nil {
		return c.sqliteConn.ExecContext(ctx, text, args) // which says what is wrong with it, if anything is
	}
	return s.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (c *preparedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.of(ctx, text)
	if s == nil || err != nil {
		return c.sqliteConn.QueryContext(ctx, text, args)
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return reading{rows, s}, nil
}

// Close implements driver.Conn: a file is open while any statement of it is.
func (c *preparedConn) Close() error {
	for _, s := range c.known {
		s.busy = false
	}
	return errors.Join(c.forget(), c.sqliteConn.Close())
}

// reading is rows whose statement is free again once they are closed.
type reading struct {
	driver.Rows
	of *statement
}

// Close implements driver.Rows.
func (r reading) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}
