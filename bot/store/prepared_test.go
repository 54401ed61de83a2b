package store

import (
	"context"
	"database/sql/driver"
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
