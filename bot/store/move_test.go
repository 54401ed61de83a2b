package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
)

// furnished is a file in which there is something of each kind, also what is
// rare: a body that was forgotten, bytes that are no text, a held claim and one
// that was let go, and a lease of a process that is gone.
func furnished(t *testing.T) *Store {
	t.Helper()
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "a.db"), nil)
	for i := range rowsAtOnce + 7 {
		if _, err := s.Hear(t.Context(), bot.Letter{ID: fmt.Sprint("github/", i), Source: "github", Name: "push", Body: []byte{0, 0xff, byte(i), '\\'}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range []string{
		`UPDATE inbox SET body = x'', event = NULL, state = 'done' WHERE seq = 1`,
		`UPDATE inbox SET event = CAST('{"a":"\u0000"}' AS BLOB), state = 'handling', owner = 'gone', until = 4102444800000000 WHERE seq = 2`,
		`INSERT INTO outbox (kind, key, grp, body, hash, cause, is_order, state, at, due) VALUES ('check', 'k', 'g', x'7b7d', 'h', 'c', 1, 'performing', 1, 2)`,
		`INSERT INTO receipts VALUES ('check', 'k', 'r', 'h', 5)`,
		`INSERT INTO docs VALUES ('change/1', 3, x'7b7d', 7)`,
		`INSERT INTO claims VALUES ('slot/a', 'change/1', 1, 2), ('slot/a', 'change/1', 3, NULL)`,
	} {
		if _, err := s.write.DB.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.LineUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		err := s.inTx(t.Context(), "learn", nil, func(tx txn) error {
			return learn(t.Context(), tx, bot.Fact{Repo: bot.RepoRef{Installation: 1, ID: 2, Name: "acme/tea"}, Kind: "seen", Subject: fmt.Sprint(i), At: time.UnixMicro(int64(i)), Data: []byte(`{"ü":1}`)})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// written is all that a table holds, as text.
func written(t *testing.T, s *Store, table, order string) string {
	t.Helper()
	rows, err := s.read.QueryContext(t.Context(), "SELECT * FROM "+table+" ORDER BY "+order)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	var all strings.Builder
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok && len(b) == 0 {
				row[i] = nil // the drivers differ in how they read it
			}
		}
		fmt.Fprintln(&all, columns, row)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return all.String()
}

func TestAFileIsMovedWhole(t *testing.T) {
	url := pgtest.URL(t)
	from, to := furnished(t), open(t, url, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := from.MoveInto(ctx, to); err == nil || written(t, to, "inbox", "seq") != "" {
		t.Fatalf("what was cut off left something behind (%v)", err)
	}
	moved, err := from.MoveInto(t.Context(), to)
	if err != nil || len(moved) != len(tables) || moved[0] != (Moved{"inbox", rowsAtOnce + 7}) {
		t.Fatalf("%v, %v", moved, err)
	}
	for i, table := range tables {
		was, is := written(t, from, table.name, table.order), written(t, to, table.name, table.order)
		if is != was || moved[i].Rows != strings.Count(is, "\n") || was == "" {
			t.Errorf("%s, %d rows:\n%s\nwas\n%s", table.name, moved[i].Rows, is, was)
		}
	}
	if l, ok, err := to.ClaimLetter(t.Context(), "new", time.Minute); !ok || err != nil || l.ID != "github/1" {
		t.Errorf("what a process that is gone had in hand is not taken up: %+v, %v", l, err)
	}
	if fresh, err := to.Hear(t.Context(), bot.Letter{ID: "github/1", Source: "github", Body: []byte("x")}); fresh || err != nil {
		t.Errorf("a delivery is heard anew: %v, %v", fresh, err)
	}
	if fresh, err := to.Hear(t.Context(), bot.Letter{ID: "github/new", Source: "github", Body: []byte("x")}); !fresh || err != nil {
		t.Errorf("the next delivery: %v, %v", fresh, err)
	}
	if _, err := from.MoveInto(t.Context(), to); err == nil || !strings.Contains(err.Error(), "inbox is not empty") {
		t.Errorf("it was moved a second time: %v", err)
	}
}

func TestWhatIsNotMoved(t *testing.T) {
	from, file := furnished(t), open(t, "sqlite:"+filepath.Join(t.TempDir(), "b.db"), nil)
	if _, err := from.MoveInto(t.Context(), file); err == nil {
		t.Error("moved into a file")
	}
	to := open(t, pgtest.URL(t), nil)
	if _, err := from.write.DB.Exec(`DROP TRIGGER ledger_no_update; UPDATE ledger SET data = '{}' WHERE seq = 2`); err != nil {
		t.Fatal(err)
	}
	if _, err := from.MoveInto(t.Context(), to); err == nil || !strings.Contains(err.Error(), "entry 2") || written(t, to, "docs", "key") != "" {
		t.Errorf("a ledger that was changed: %v", err)
	}
}
