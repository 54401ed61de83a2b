package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// tables hold all that a database knows; those with a number of their own name
// it by seq.
var tables = []struct {
	name  string
	order string
}{
	{"inbox", "seq"}, {"outbox", "seq"}, {"receipts", "kind, key"}, {"docs", "key"}, {"claims", "claim, taken"}, {"ledger", "seq"},
}

// rowsAtOnce go into one statement: PostgreSQL takes 65,535 values.
const rowsAtOnce = 200

// Moved is how many rows of a table were moved.
type Moved struct {
	Table string
	Rows  int
}

// MoveInto copies all of a SQLite file into an empty PostgreSQL database, in
// one transaction: all of it or nothing. What a process that is gone had in
// hand is free there. Ledgers are verified on both sides; a target that holds
// anything is refused.
func (s *Store) MoveInto(ctx context.Context, to *Store) (moved []Moved, err error) {
	if s.file == nil || to.lock == "" {
		return nil, fmt.Errorf("a SQLite file is moved into PostgreSQL, and nothing else")
	}
	if err := s.VerifyLedger(ctx); err != nil {
		return nil, err
	}
	if err := s.Resume(ctx); err != nil {
		return nil, err
	}
	err = to.inTx(ctx, "move the database", nil, func(tx txn) error {
		if err := tx.aloneAndEmpty(ctx); err != nil {
			return err
		}
		for _, t := range tables {
			n, err := s.moveTable(ctx, tx, t.name, t.order)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.name, err)
			}
			moved = append(moved, Moved{t.name, n})
		}
		return verifyLedger(ctx, tx.querier)
	})
	if err != nil {
		return nil, err
	}
	return moved, nil
}

// aloneAndEmpty holds the tables until the end of the transaction, so that
// nobody works there meanwhile.
func (tx txn) aloneAndEmpty(ctx context.Context) error {
	for _, t := range tables {
		if _, err := tx.ExecContext(ctx, "LOCK TABLE "+t.name+" IN ACCESS EXCLUSIVE MODE"); err != nil {
			return err
		}
		var holds bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+t.name+")").Scan(&holds); err != nil {
			return err
		}
		if holds {
			return fmt.Errorf("the PostgreSQL database holds something already (table %s is not empty); a file is moved into an empty one", t.name)
		}
	}
	return nil
}

// moveTable copies the rows of a table and lets its numbers go on after the
// last of them.
func (s *Store) moveTable(ctx context.Context, tx txn, table, order string) (n int, err error) {
	rows, err := s.read.QueryContext(ctx, "SELECT * FROM "+table+" ORDER BY "+order)
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // what matters is in rows.Err
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	var values []any
	for rows.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		if i := slices.Index(columns, "body"); i >= 0 {
			if body, _ := row[i].([]byte); len(body) == 0 {
				row[i] = []byte{} // the driver reads as nil what was forgotten, and writes nil as NULL
			}
		}
		values = append(values, row...)
		if n++; n%rowsAtOnce == 0 {
			if err := tx.insertRows(ctx, table, columns, values); err != nil {
				return n, err
			}
			values = nil
		}
	}
	if err := errorsJoin(rows.Err(), tx.insertRows(ctx, table, columns, values)); err != nil {
		return n, err
	}
	if slices.Contains(columns, "seq") {
		_, err = tx.ExecContext(ctx, `SELECT setval(pg_get_serial_sequence($1, 'seq'), COALESCE((SELECT MAX(seq) FROM `+table+`), 0) + 1, false)`, table)
	}
	return n, err
}

func (tx txn) insertRows(ctx context.Context, table string, columns []string, values []any) error {
	if len(values) == 0 {
		return nil
	}
	rows := make([]string, len(values)/len(columns))
	for i := range rows {
		rows[i] = "(" + list(1+i*len(columns), len(columns)) + ")"
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES "+strings.Join(rows, ", "), values...)
	return err
}
