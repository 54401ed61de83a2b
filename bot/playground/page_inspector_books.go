package playground

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

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

// whyEffect says why an effect is in its state, and what comes next.
func (w *World) whyEffect(t bot.Task, before *bot.Task) (why []string) {
	switch t.State {
	case bot.TaskWaiting:
		why = append(why, w.whyWaits(t, before))
	case bot.TaskPerforming:
		why = append(why, "in hand now")
	case bot.TaskUnchanged:
		why = append(why, "what is there says the same")
	case bot.TaskSuperseded:
		why = append(why, "a newer one took its place")
	case bot.TaskHeld:
		why = append(why, "the bot only observes: recorded, not done")
	case bot.TaskDoubtful:
		why = append(why, "it may or may not have been done: a person decides")
	case bot.TaskFailed:
		why = append(why, "given up: trying again would not help")
	}
	why = append(why, tried(t)...)
	if t.Error != "" {
		why = append(why, "last error: "+secretless(t.Error))
	}
	return append(why, "because of "+t.Cause)
}

func (w *World) whyWaits(t bot.Task, before *bot.Task) string {
	switch {
	case before != nil:
		return fmt.Sprintf("behind %d. %s, which is %s: one after the other", before.Seq, before.Kind, before.State)
	case t.Due.After(w.Now()) && t.Attempts > 0:
		return "next try " + w.until(t.Due)
	case t.Due.After(w.Now()):
		return "not before " + w.until(t.Due)
	}
	return "its turn comes next"
}

// tried says how often an effect was tried, and apart from that how often it
// was taken up: who is asked to wait, or is gone, has not tried.
func tried(t bot.Task) (why []string) {
	tries := t.Tries
	if t.State == bot.TaskDone || t.State == bot.TaskFailed {
		tries++ // the last one; what is counted is those after which it is tried again
	}
	tries = min(tries, t.Attempts-t.Lapses)
	if tries > 0 {
		why = append(why, "tried "+times(tries))
	}
	if t.Attempts > 1 && t.Attempts != tries {
		why = append(why, "taken up "+times(t.Attempts))
	}
	if t.Lapses > 0 {
		why = append(why, times(t.Lapses)+" whoever had it in hand was gone")
	}
	return why
}

func times(n int) string {
	if n == 1 {
		return "1 time"
	}
	return fmt.Sprintf("%d times", n)
}

// until is a moment, and how far off it is.
func (w *World) until(at time.Time) string {
	clock := "at " + at.UTC().Format("15:04:05")
	if left := at.Sub(w.Now()).Round(time.Second); left > 0 {
		return clock + ", in " + left.String()
	}
	return clock
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
