package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// The letters of a subject stand in a line, and so do the effects of a group.
// Its first is the one in hand, else the one that was due first, or was asked
// for first, and it alone has a turn: from then on it may be taken up. So whoever
// looks for work never sees those behind, however many wait. Who is first is
// settled in each transaction that changes a line, under its lock; that there is
// one the database holds as well (inbox_first, outbox_first). Who takes the first
// up, or has it for longer, changes no line.

// line says how a box has its lines, in its words for the texts below.
type line func(text string) string

var (
	ofLetters line = strings.NewReplacer(
		"{box}", "inbox", "{line}", "subject", "{waits}", "ready", "{order}", "state, due, seq", "{turn}", "{{.greatest}}(due, retry_at)",
		"{open}", "state IN ('ready', 'handling')",
		"{by_line}", "{{.lines}}").Replace
	ofTasks line = strings.NewReplacer(
		"{box}", "outbox", "{line}", "grp", "{waits}", "waiting", "{order}", "state, COALESCE(place, seq), seq", "{turn}", "due",
		"{open}", "state IN ('waiting', 'performing')",
		"{by_line}", "{{.groups}}").Replace
)

// Who is first of the lines named in $1. In the order of states what is in hand
// comes before what waits. A turn that something has which is over, as a program
// leaves it that knows of no lines, counts for nothing.
const (
	firstOf = `(SELECT seq FROM {box} WHERE {line} = l.name AND {open} ORDER BY {order} LIMIT 1)`
	hasTurn = `turn IS NOT NULL AND {open}`
	astray  = `(turn IS NULL OR turn <> {turn})` // of a first
)

// lineUp settles who is first, in two steps: between them another process may
// have taken up the one that was.
var lineUp = [2]string{
	`UPDATE {box} SET turn = NULL WHERE turn IS NOT NULL AND state = '{waits}' AND seq IN (
		SELECT (SELECT seq FROM {box} WHERE {line} = l.name AND ` + hasTurn + ` AND seq <> ` + firstOf + `) FROM ({{.names}}) AS l)`,
	`UPDATE {box} SET turn = {turn} WHERE seq IN (SELECT ` + firstOf + ` FROM ({{.names}}) AS l) AND ` + astray + `
		AND NOT EXISTS (SELECT 1 FROM {box} f WHERE f.{line} = {box}.{line} AND f.turn IS NOT NULL AND f.{open} AND f.seq <> {box}.seq)`,
}

// unsettled are lines from $1 on, in their order and at most $2, of which the
// first is not known as such. From line to line it is a step, however many stand
// in each.
const unsettled = `WITH RECURSIVE l(name) AS (
		SELECT (SELECT {line} FROM {box} {by_line} WHERE {line} >= $1 AND {open} ORDER BY {line} LIMIT 1)
		UNION ALL SELECT (SELECT {line} FROM {box} {by_line} WHERE {line} > l.name AND {open} ORDER BY {line} LIMIT 1) FROM l WHERE l.name IS NOT NULL)
	SELECT name FROM l WHERE EXISTS (SELECT 1 FROM {box} WHERE seq = ` + firstOf + ` AND ` + astray + `) LIMIT $2`

// lineUp settles who is first in the lines of a box that have these names.
func (tx txn) lineUp(ctx context.Context, box line, names ...string) error {
	if len(names) == 0 {
		return nil
	}
	for i, name := range names {
		names[i] = legible(name)
	}
	list, err := json.Marshal(names)
	if err != nil {
		return err
	}
	for _, q := range lineUp {
		if _, err := tx.ExecContext(ctx, box(q), string(list)); err != nil {
			return fmt.Errorf("settle who is first of %s: %w", list, err)
		}
	}
	return nil
}

// lineUpBesides does so in lines of a kind of which the transaction did not know
// before. What it changed in them others do not see before it ends, and it ends with their
// locks.
func (tx txn) lineUpBesides(ctx context.Context, kind string, box line, names ...string) error {
	l := locks{}
	for _, name := range names {
		l.alone(kind, name)
	}
	return errorsJoin(tx.hold(ctx, l), tx.lineUp(ctx, box, names...))
}

// linesAtOnce are settled in one transaction: whoever wants to change one waits
// for it.
const linesAtOnce = 100

// LineUp settles who is first in each line of which that is not known, as where a
// program of a version that knew of no lines worked meanwhile, and answers how
// many these were.
func (s *Store) LineUp(ctx context.Context) (n int, err error) {
	for kind, box := range map[string]line{"subject": ofLetters, "group": ofTasks} {
		for last, more := "", true; more; {
			names, err := read(ctx, s.read.querier, "look who is first", only[string], box(unsettled), last, linesAtOnce)
			if err != nil {
				return n, err
			}
			if more = len(names) == linesAtOnce; more {
				last = names[len(names)-1]
			}
			n += len(names)
			if err := s.lineUp(ctx, kind, box, names); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// lineUp settles who is first in lines of a kind.
func (s *Store) lineUp(ctx context.Context, kind string, box line, names []string) error {
	if len(names) == 0 {
		return nil
	}
	return s.inTx(ctx, "line up", nil, func(tx txn) error { return tx.lineUpBesides(ctx, kind, box, names...) })
}
