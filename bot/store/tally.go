package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// tallied is a box that Tally counts.
type tallied struct {
	box, source, group string
	open, over         []string // states
}

var tallies = [2]tallied{{
	box: "inbox", source: "source", group: "state, source", open: []string{bot.LetterNew, bot.LetterReady, bot.LetterHandling, bot.LetterFailed},
	over: []string{bot.LetterDone, bot.LetterIgnored},
}, {
	box: "outbox", source: "''", group: "state", open: []string{bot.TaskWaiting, bot.TaskPerforming, bot.TaskFailed, bot.TaskDoubtful},
	over: []string{bot.TaskDone, bot.TaskUnchanged, bot.TaskSuperseded, bot.TaskHeld, bot.TaskDecided},
}}

// in are the rows in one of the states.
func in(states []string) string { return "WHERE state IN ('" + strings.Join(states, "', '") + "')" }

// query counts those of its rows.
func (b tallied) query(rows string) string {
	return `SELECT ` + b.source + `, state, COUNT(*) FROM ` + b.box + ` ` + rows + ` GROUP BY ` + b.group
}

// Rows of a box.
const (
	since = `{{.by_seq}} WHERE seq > $1`
	among = `{{.by_seq}} WHERE seq IN ({{.numbers}})`
)

// Tally counts the letters by source and state, and the effects by state, all
// as of one moment and without reading one. What is over is as of At: now, or
// of a few minutes ago where too much is open to be followed. Until all is
// counted anew two things are not exact: an effect that was over and is carried
// out once more, since its lease was lost, counts twice; and in a shared
// database a letter counts not at all whose transaction began before another's
// that was seen and ended after it, if it was done before it was looked for.
func (s *Store) Tally(ctx context.Context) (list []bot.Tally, err error) {
	select { // before the moment as of which is counted: no later one may have been seen
	case s.over.turn <- struct{}{}:
		defer func() { <-s.over.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("count deliveries and effects: %w", ctx.Err())
	}
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	tx, err := s.read.DB.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}) // all is read as of one moment
	if err != nil {
		return nil, fmt.Errorf("count deliveries and effects: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	look := tally{querier{s.dialect, tx}, now}
	if list, err = look.open(ctx); err != nil {
		return nil, err
	}
	over, err := s.over.now(ctx, look, list)
	return append(list, over...), err
}

// Count of the rows of both boxes by state, for pages: as Tally has them.
func (s *Store) Count(ctx context.Context) (inbox, outbox map[string]int, err error) {
	list, err := s.Tally(ctx)
	if err != nil {
		return nil, nil, err
	}
	inbox, outbox = map[string]int{}, map[string]int{}
	for _, t := range list {
		if t.Outbox {
			outbox[t.State] += t.N
		} else {
			inbox[t.State] += t.N
		}
	}
	return inbox, outbox, nil
}

// tally counts as of one moment.
type tally struct {
	querier
	at time.Time
}

// open is what is not over: few, and an index alone has it by its state.
func (t tally) open(ctx context.Context) (list []bot.Tally, err error) {
	for box, of := range tallies {
		if list, err = t.count(ctx, list, box, in(of.open)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// over is all that is over: a row is read for each thing that ever was.
func (t tally) over(ctx context.Context) (list []bot.Tally, err error) {
	for box, of := range tallies {
		if list, err = t.count(ctx, list, box, in(of.over)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// count adds those of a box to the list.
func (t tally) count(ctx context.Context, list []bot.Tally, box int, which string, args ...any) ([]bot.Tally, error) {
	found, err := read(ctx, t.querier, "count deliveries and effects", func(row scanner) (n bot.Tally, err error) {
		n.Outbox, n.At = box == 1, t.at
		err = row.Scan(&n.Source, &n.State, &n.N)
		return n, err
	}, tallies[box].query(which), args...)
	for _, n := range found {
		list = add(list, n)
	}
	return list, err
}

// add adds to the count of the same, which is as of now then.
func add(list []bot.Tally, n bot.Tally) []bot.Tally {
	i := slices.IndexFunc(list, func(o bot.Tally) bool { return o.Outbox == n.Outbox && o.Source == n.Source && o.State == n.State })
	if i < 0 {
		return append(list, n)
	}
	list[i].N += n.N
	return list
}
