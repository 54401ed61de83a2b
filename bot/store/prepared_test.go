package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	modernc "modernc.org/sqlite"
)

// counting counts what is compiled.
type counting struct {
	sqliteConn
	n int
}

func (c *counting) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	c.n++
	return c.sqliteConn.PrepareContext(ctx, text)
}

func TestAStatementIsCompiledOnce(t *testing.T) {
	connector, err := modernc.NewConnector("file:" + filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := connector.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	counted := &counting{sqliteConn: raw.(sqliteConn)}
	c := &preparedConn{sqliteConn: counted, known: map[string]*statement{}}
	exec := func(text string, args ...driver.NamedValue) {
		t.Helper()
		if _, err := c.ExecContext(t.Context(), text, args); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TABLE t (n INTEGER)")
	counted.n = 0
	for i := range 10 {
		exec("INSERT INTO t VALUES ($1)", driver.NamedValue{Ordinal: 1, Value: int64(i)})
	}
	if counted.n != 1 {
		t.Errorf("compiled %d times", counted.n)
	}
	for i := range 2 * preparedAtMost {
		exec(fmt.Sprintf("UPDATE t SET n = %d", i))
	}
	if len(c.known) > preparedAtMost {
		t.Errorf("%d are kept", len(c.known))
	}
	if _, err := c.ExecContext(t.Context(), "UPDATE u SET n = 1", nil); err == nil {
		t.Error("a table that is not there was written")
	}
	if err := c.Close(); err != nil || len(c.known) > 0 {
		t.Errorf("closed with %d left (%v)", len(c.known), err)
	}
}

// A statement may run again while its rows are read, be forgotten meanwhile, and
// see a table that was changed since it was compiled.
func TestAStatementWhoseRowsAreRead(t *testing.T) {
	db, err := openPrepared("file:" + filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	run := func(text string) {
		t.Helper()
		if _, err := tx.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	const all = "SELECT * FROM t ORDER BY n"
	run("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2), (3)")
	outer, err := tx.QueryContext(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	seen := ""
	for outer.Next() {
		var n, first int
		if err := outer.Scan(&n); err != nil {
			t.Fatal(err)
		}
		if err := tx.QueryRowContext(t.Context(), all).Scan(&first); err != nil {
			t.Fatal(err)
		}
		for i := range preparedAtMost {
			run(fmt.Sprintf("UPDATE t SET n = n WHERE n = %d", -i))
		}
		seen += fmt.Sprint(n, first, " ")
	}
	if err := outer.Err(); err != nil || seen != "1 1 2 1 3 1 " {
		t.Errorf("seen %q (%v)", seen, err)
	}
	run("ALTER TABLE t ADD COLUMN m INTEGER DEFAULT 7")
	var n, m int
	if err := tx.QueryRowContext(t.Context(), all).Scan(&n, &m); err != nil || n != 1 || m != 7 {
		t.Errorf("after the table changed: %d, %d (%v)", n, m, err)
	}
	if err := tx.Commit(); err != nil {
		t.Error(err)
	}
}

// What ends in the middle leaves a statement that can run again.
func TestAStatementThatEndedInTheMiddle(t *testing.T) {
	const all, add = "SELECT n FROM t ORDER BY n", "INSERT INTO t VALUES ($1)"
	for name, breaks := range map[string]func(*testing.T, *sql.Tx){
		"nobody waits for its rows": func(t *testing.T, tx *sql.Tx) {
			ctx, cancel := context.WithCancel(t.Context())
			rows := begun(ctx, t, tx, all)
			cancel()
			defer rows.Close()
			for rows.Next() {
				continue
			}
			if err := rows.Err(); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		},
		"its rows are left": func(t *testing.T, tx *sql.Tx) {
			rows := begun(t.Context(), t, tx, all)
			defer rows.Close()
			if err := rows.Err(); err != nil {
				t.Error(err)
			}
		},
		"it is refused": func(t *testing.T, tx *sql.Tx) {
			if _, err := tx.ExecContext(t.Context(), add, 2); err == nil {
				t.Error("the same was stored twice")
			}
		},
		"what it reads is undone": func(t *testing.T, tx *sql.Tx) {
			for _, q := range []string{"SAVEPOINT part", "INSERT INTO t VALUES (9)"} {
				if _, err := tx.ExecContext(t.Context(), q); err != nil {
					t.Fatal(err)
				}
			}
			rows := begun(t.Context(), t, tx, all)
			defer rows.Close()
			if _, err := tx.ExecContext(t.Context(), "ROLLBACK TO part"); err != nil {
				t.Error(err)
			}
			if err := rows.Err(); err != nil {
				t.Error(err)
			}
			if _, err := tx.ExecContext(t.Context(), "RELEASE part"); err != nil {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := openPrepared("file:" + filepath.Join(t.TempDir(), "x.db"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			db.SetMaxOpenConns(1)
			if _, err := db.ExecContext(t.Context(), "CREATE TABLE t (n INTEGER UNIQUE); INSERT INTO t VALUES (1), (2), (3)"); err != nil {
				t.Fatal(err)
			}
			tx, err := db.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			breaks(t, tx)
			if _, err := tx.ExecContext(t.Context(), add, 4); err != nil {
				t.Error(err)
			}
			if got, err := numbers(t.Context(), tx, all); err != nil || got != "[1 2 3 4]" {
				t.Errorf("it reads %s (%v)", got, err)
			}
			if err := tx.Commit(); err != nil {
				t.Error(err)
			}
			if got, err := numbers(t.Context(), db, all); err != nil || got != "[1 2 3 4]" {
				t.Errorf("afterwards it reads %s (%v)", got, err)
			}
		})
	}
}

// begun has read the first row.
func begun(ctx context.Context, t *testing.T, tx *sql.Tx, q string) *sql.Rows {
	t.Helper()
	rows, err := tx.QueryContext(ctx, q)
	if err != nil || !rows.Next() {
		t.Fatalf("there is no row (%v)", err)
	}
	return rows
}

func numbers(ctx context.Context, on interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, q string) (string, error) {
	rows, err := on.QueryContext(ctx, q)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var all []int
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return "", err
		}
		all = append(all, n)
	}
	return fmt.Sprint(all), rows.Err()
}
