package store

import (
	"context"
	"fmt"
)

// The letters of a subject stand in a line. Its first is the one in hand, else
// the one that was due first, and alone has a turn: from then on it may be taken
// up. So whoever looks for work never sees those behind, however many wait. Who
// is first is settled in each transaction that changes the line, under the lock
// of its subject; that there is one the database holds as well (inbox_first).
// Who takes the first up, or has it for longer, changes no line.

// first of the line of a subject ($1). In the order of states what is in hand
// comes before what waits.
const first = `SELECT seq FROM inbox WHERE subject = $1 AND state IN ('ready', 'handling') ORDER BY state, due, seq LIMIT 1`

// What settles who is first, in two steps: between them another process may
// have taken up the one that was first.
var lineUp = [2]string{
	`UPDATE inbox SET turn = NULL WHERE subject = $1 AND turn IS NOT NULL AND state = 'ready' AND seq <> (` + first + `)`,
	`UPDATE inbox SET turn = {{.greatest}}(due, retry_at)
		WHERE seq = (` + first + `) AND (turn IS NULL OR turn <> {{.greatest}}(due, retry_at))
		  AND NOT EXISTS (SELECT 1 FROM inbox f WHERE f.subject = $1 AND f.turn IS NOT NULL AND f.seq <> inbox.seq)`,
}

// lineUp settles who is first in the line of a subject.
func (tx txn) lineUp(ctx context.Context, subject string) error {
	for _, q := range lineUp {
		if _, err := tx.ExecContext(ctx, q, subject); err != nil {
			return fmt.Errorf("settle who is first of %s: %w", subject, err)
		}
	}
	return nil
}

// standsBehind is a letter of inbox that another of its line stands before.
const standsBehind = `EXISTS (SELECT 1 FROM inbox e WHERE e.subject = inbox.subject AND e.state IN ('ready', 'handling')
	AND (e.state, e.due, e.seq) < (inbox.state, inbox.due, inbox.seq))`

// The same of all lines at once. That reads all that is open, though of those
// behind no more than an index has.
var allLines = [2]string{
	`UPDATE inbox {{.whose_turn}} SET turn = NULL WHERE turn IS NOT NULL AND state = 'ready' AND ` + standsBehind,
	`UPDATE inbox SET turn = {{.greatest}}(due, retry_at)
		WHERE seq IN (SELECT seq FROM inbox {{.lines}} WHERE state IN ('ready', 'handling') AND NOT ` + standsBehind + `)
		  AND (turn IS NULL OR turn <> {{.greatest}}(due, retry_at))
		  AND NOT EXISTS (SELECT 1 FROM inbox f WHERE f.subject = inbox.subject AND f.turn IS NOT NULL AND f.seq <> inbox.seq)`,
}

// lineUpAll settles who is first in each line.
func (tx txn) lineUpAll(ctx context.Context) error {
	for _, q := range allLines {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("settle who is first: %w", err)
		}
	}
	return nil
}
