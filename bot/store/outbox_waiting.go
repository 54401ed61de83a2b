package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// takeWaiting takes the most pressing effect that waits, within two priorities;
// sql.ErrNoRows if there is none.
func (c claimOf) takeWaiting(ctx context.Context, tx txn, from, to bot.Priority) (t bot.Task, err error) {
	due, err := read(ctx, tx.querier, "look what waits", scanKind, waitingOf(len(c.kinds), from, to), c.args()...)
	if err != nil {
		return t, err
	}
	for _, w := range due { // others may take the first while we do
		t, err = scanTask(tx.QueryRowContext(ctx, takeWaiting, micros(c.now), w.kind, int(w.priority), c.owner, micros(c.until)))
		if !errors.Is(err, sql.ErrNoRows) {
			return t, err
		}
	}
	return t, sql.ErrNoRows
}

// waits is that something of a kind and priority does, and may be taken up.
type waits struct {
	kind     string
	priority bot.Priority
}

func scanKind(row scanner) (w waits, err error) {
	err = row.Scan(&w.kind, &w.priority)
	return w, err
}

// firstOfKind may be taken up for longest.
const firstOfKind = `SELECT seq FROM outbox {{.turn}} WHERE state = 'waiting' AND turn IS NOT NULL AND kind = %s AND priority = %s AND turn <= $1
	ORDER BY turn, seq LIMIT 1`

// waitingOf are those of so many kinds, within two priorities, of which something may
// be taken up, in the order in which that goes. Each is looked up: what is due of
// other kinds is not passed over.
func waitingOf(kinds int, from, to bot.Priority) string {
	var all []string
	for p := from; p <= to; p++ {
		for k := range kinds {
			all = append(all, fmt.Sprintf("(CAST($%d AS TEXT), %d)", 2+k, p))
		}
	}
	return `WITH k(name, p) AS (VALUES ` + strings.Join(all, ", ") + `) SELECT kind, priority FROM outbox
		WHERE seq IN (SELECT (` + fmt.Sprintf(firstOfKind, "k.name", "k.p") + `) FROM k) ORDER BY priority, turn, seq`
}

// takeWaiting takes one of a kind and priority.
var takeWaiting = `UPDATE outbox SET state = 'performing', owner = $4, until = $5, attempts = attempts + 1, again = 0
	WHERE seq = (` + fmt.Sprintf(firstOfKind, "$2", "$3") + ` {{.skip}}) RETURNING ` + taskColumns
