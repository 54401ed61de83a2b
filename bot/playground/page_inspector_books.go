package playground

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var errBooksClosed = errors.New("the bot is away, and its books with it; another begins on the same database")

// open are the books of the bot that there is now.
func (w *World) openBooks() (Books, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.books == nil {
		return nil, errBooksClosed
	}
	return w.books, nil
}

// effectRows lists what plans asked for, newest first.
func (w *World) effectRows(ctx context.Context, a about) ([]inspected, []string, error) {
	books, err := w.openBooks()
	if err != nil {
		return nil, nil, err
	}
	tasks, err := books.Tasks(ctx, "", a.depth())
	if err != nil {
		return nil, nil, err
	}
	open, err := openTasks(ctx, books)
	if err != nil {
		return nil, nil, err
	}
	sums, err := w.sums(ctx, books)
	if err != nil {
		return nil, nil, err
	}
	var rows []inspected
	for _, t := range tasks {
		if a.in(t.Key + "\n" + t.Group + "\n" + string(t.Body)) {
			rows = append(rows, w.effectRow(t, ahead(t, open)))
		}
	}
	return rows, sums, nil
}

// sums say what the bot has before it.
func (w *World) sums(ctx context.Context, books Books) (sums []string, err error) {
	inbox, outbox, err := books.Count(ctx)
	if err != nil {
		return nil, err
	}
	retrying, err := books.Retrying(ctx)
	if err != nil {
		return nil, err
	}
	due, waits, err := books.NextDue(ctx)
	if err != nil {
		return nil, err
	}
	sums = []string{"Came in: " + byState(inbox), "Effects: " + byState(outbox)}
	if retrying > 0 {
		sums = append(sums, triedAgain(retrying))
	}
	if waits {
		sums = append(sums, "Next due "+w.until(due))
	}
	return sums, nil
}

func triedAgain(n int) string {
	if n == 1 {
		return "1 that came in is tried again"
	}
	return fmt.Sprintf("%d that came in are tried again", n)
}

func byState(n map[string]int) string {
	var list []string
	for _, state := range slices.Sorted(maps.Keys(n)) {
		list = append(list, fmt.Sprintf("%d %s", n[state], state))
	}
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// openTasks are what is not done yet.
func openTasks(ctx context.Context, books Books) ([]bot.Task, error) {
	waiting, err := books.Tasks(ctx, bot.TaskWaiting, searched)
	if err != nil {
		return nil, err
	}
	performing, err := books.Tasks(ctx, bot.TaskPerforming, searched)
	return append(waiting, performing...), err
}

// ahead is the nearest older effect of the same group that is still open, for
// which those after it wait; nil when there is none.
func ahead(t bot.Task, open []bot.Task) (nearest *bot.Task) {
	for i, o := range open {
		if o.Group == t.Group && o.Seq < t.Seq && (nearest == nil || o.Seq > nearest.Seq) {
			nearest = &open[i]
		}
	}
	return nearest
}

func (w *World) effectRow(t bot.Task, before *bot.Task) inspected {
	row := inspected{
		Key: fmt.Sprint("effect-", t.Seq), At: t.At, What: fmt.Sprintf("%d. %s", t.Seq, t.Kind), Note: secretless(t.Key),
		State: t.State, Why: w.whyEffect(t, before),
		Bodies: []inspectedBody{{Name: "Content", text: func() string { return pretty([]byte(secretless(string(t.Body)))) }}},
	}
	switch t.State {
	case bot.TaskDone, bot.TaskUnchanged:
		row.Class = "good"
	case bot.TaskFailed, bot.TaskDoubtful:
		row.Class = "bad"
	case bot.TaskWaiting, bot.TaskPerforming, bot.TaskHeld:
		row.Class = "wait"
	}
	return row
}

// factRows lists the ledger, newest first.
func (w *World) factRows(ctx context.Context, a about) (rows []inspected, _ []string, _ error) {
	books, err := w.openBooks()
	if err != nil {
		return nil, nil, err
	}
	facts, err := books.Facts(ctx, bot.FactQuery{Last: a.depth()})
	if err != nil {
		return nil, nil, err
	}
	at := map[int64]int{} // how many at a moment have a row
	for _, f := range slices.Backward(facts) {
		if !a.in(f.Subject + "\n" + string(f.Data)) {
			continue
		}
		at[f.At.UnixMicro()]++
		key := fmt.Sprintf("fact-%d-%d", f.At.UnixMicro(), at[f.At.UnixMicro()])
		row := inspected{Key: key, At: f.At, What: f.Kind, Note: f.Subject, State: f.By, Why: []string{"because of " + f.Cause}}
		if f.By == "" {
			row.State = "nobody"
		}
		if len(f.Data) > 0 && string(f.Data) != "null" {
			row.Bodies = []inspectedBody{{Name: "Data", text: func() string { return pretty([]byte(secretless(string(f.Data)))) }}}
		}
		rows = append(rows, row)
	}
	return rows, nil, nil
}
