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
		"{open}", "state IN ('ready', 'handling')", "{before}", "(e.state, e.due, e.seq) < (inbox.state, inbox.due, inbox.seq)",
		"{by_line}", "{{.lines}}", "{by_turn}", "{{.whose_turn}}").Replace
	ofTasks line = strings.NewReplacer(
		"{box}", "outbox", "{line}", "grp", "{waits}", "waiting", "{order}", "state, COALESCE(place, seq)", "{turn}", "due",
		"{open}", "state IN ('waiting', 'performing')", "{before}", "(e.state, COALESCE(e.place, e.seq)) < (outbox.state, COALESCE(outbox.place, outbox.seq))",
		"{by_line}", "{{.groups}}", "{by_turn}", "{{.turn}}").Replace
)

// Who is first of the lines named in $1. In the order of states what is in hand
// comes before what waits.
const (
	firstOf = `(SELECT seq FROM {box} WHERE {line} = l.name AND {open} ORDER BY {order} LIMIT 1)`
	behind  = `EXISTS (SELECT 1 FROM {box} e WHERE e.{line} = {box}.{line} AND e.{open} AND {before})`
	first   = ` AND (turn IS NULL OR turn <> {turn})
		AND NOT EXISTS (SELECT 1 FROM {box} f WHERE f.{line} = {box}.{line} AND f.turn IS NOT NULL AND f.seq <> {box}.seq)`
)

// lineUp settles who is first, in two steps: between them another process may
// have taken up the one that was.
var lineUp = [2]string{
	`UPDATE {box} SET turn = NULL WHERE turn IS NOT NULL AND state = '{waits}' AND seq IN (
		SELECT (SELECT seq FROM {box} WHERE {line} = l.name AND turn IS NOT NULL AND seq <> ` + firstOf + `) FROM ({{.names}}) AS l)`,
	`UPDATE {box} SET turn = {turn} WHERE seq IN (SELECT ` + firstOf + ` FROM ({{.names}}) AS l)` + first,
}

// lineUpAll does so in each line. All that is open is read, though of those
// behind no more than an index has.
var lineUpAll = [2]string{
	`UPDATE {box} {by_turn} SET turn = NULL WHERE turn IS NOT NULL AND state = '{waits}' AND ` + behind,
	`UPDATE {box} SET turn = {turn} WHERE seq IN (SELECT seq FROM {box} {by_line} WHERE {open} AND NOT ` + behind + `)` + first,
}

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

// lineUpAll settles who is first in each line.
func (tx txn) lineUpAll(ctx context.Context) error {
	for _, box := range []line{ofLetters, ofTasks} {
		for _, q := range lineUpAll {
			if _, err := tx.ExecContext(ctx, box(q)); err != nil {
				return fmt.Errorf("settle who is first: %w", err)
			}
		}
	}
	return nil
}
