package web

import (
	"cmp"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// waitsFor is a delivery or an effect that waits, or was given up.
type waitsFor struct {
	Mood  string
	What  string // "change.updated from github"
	About string // repository, or what it is kept under
	ID    string
	Why   string // it waits
	Error string
	Tries int
	Since string // it came or was asked for
	Paste string
	Row   string // as press reads it; empty: there is nothing to press
	Doubt bool   // somebody may say whether it took place
}

// lineOf are those who wait, as far as they were read.
type lineOf[T any] struct {
	all []T
	cut bool // there are more
}

func (line *lineOf[T]) add(list []T) {
	line.all, line.cut = append(line.all, list...), line.cut || len(list) == mostRows
}

// before counts those who stand before somebody, and says so of whom there is
// a line.
func (line lineOf[T]) before(stands func(T) bool, what, of string) string {
	n := 0
	for _, o := range line.all {
		if stands(o) {
			n++
		}
	}
	switch {
	case n > 0 && line.cut:
		return fmt.Sprintf("It stands behind at least %d %s.", n, what)
	case n > 0:
		return fmt.Sprintf("It stands behind %d %s.", n, what)
	case line.cut:
		return "It waits for its turn."
	}
	return "It is the next of " + of + "."
}

func (l look) letterRow(d bot.Letter, line lineOf[bot.Letter]) waitsFor {
	r := waitsFor{
		Mood: "soft", What: cmp.Or(d.Kind, d.Name) + " from " + d.Source, About: string(cmp.Or(about(d), bot.RepoName(d.Subject))), ID: d.ID,
		Error: d.Error, Tries: d.Attempts, Since: words.For(l.now.Sub(d.At)), Paste: "roundtrip replay " + shellWord(d.ID),
	}
	if d.CanTryAgain(l.now) {
		r.Row = rowOf("in", d.Seq, d.Attempts, d.State)
	}
	switch {
	case d.State == bot.LetterFailed && r.Row == "":
		r.Mood, r.Why = "bad", "It was given up: GitHub has no body of it. Redeliver it from the app's page, if GitHub still lists it."
	case d.State == bot.LetterFailed:
		r.Mood, r.Why = "bad", "It was given up, and is not tried again by itself."
	case d.State == bot.LetterHandling:
		r.Why = "It is being handled."
	case d.State == bot.LetterNew:
		r.Why = "It was not opened yet."
	case d.Due.After(l.now):
		r.Why = "It is a timer, and rings " + at(d.Due) + "."
	case d.RetryAt.After(l.now):
		r.Mood, r.Why = "wait", "It is tried again "+at(d.RetryAt)+"."
	default:
		r.Why = line.before(func(o bot.Letter) bool {
			return o.Subject == d.Subject && o.Seq != d.Seq && !o.Due.After(l.now) && (o.State == bot.LetterHandling || o.Due.Before(d.Due) || o.Due.Equal(d.Due) && o.Seq < d.Seq)
		}, "about the same", "what it is about")
	}
	return r
}

func (l look) taskRow(t bot.Task, line lineOf[bot.Task]) waitsFor {
	r := waitsFor{Mood: "soft", What: describe(t), About: t.Kind + " " + t.Key, ID: t.Cause, Error: t.Error, Tries: t.Attempts, Since: words.For(l.now.Sub(t.At))}
	if r.Doubt = t.State == bot.TaskDoubtful; r.Doubt || t.CanTryAgain(l.now) {
		r.Row = rowOf("out", t.Seq, t.Attempts, t.State)
	}
	switch {
	case r.Doubt:
		r.Mood, r.Why = "bad", "Nobody can tell whether it took place, so it is not given again. Its rollout did not wait: what may have moved goes back, or went. Say what you see there; to try it anew, deploy again."
	case t.State == bot.TaskFailed && r.Row == "":
		r.Mood, r.Why = "bad", "It failed, and who waited for it went on without it: it is not tried again. Begin anew what it was for."
	case t.State == bot.TaskFailed:
		r.Mood, r.Why = "bad", "It failed, and is not tried again by itself."
	case t.State == bot.TaskPerforming:
		r.Why = "It is being done."
	case t.Due.After(l.now):
		r.Mood, r.Why = "wait", "It is tried again "+at(t.Due)+"."
	default:
		r.Why = line.before(func(o bot.Task) bool { return o.Group == t.Group && o.Seq < t.Seq }, "of its group", "its group")
	}
	return r
}

func at(t time.Time) string { return "at " + t.UTC().Format("2006-01-02 15:04:05") + " UTC" }
