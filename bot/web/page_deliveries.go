package web

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// deliveriesView is what came in and goes out and is not over.
type deliveriesView struct{ In, Out []waitsFor }

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
}

// mostRows is how many of each state are listed, newest first.
const mostRows = 50

func deliveries(l look, _ *http.Request) (content, error) {
	var v deliveriesView
	for _, state := range []string{bot.LetterFailed, bot.LetterHandling, bot.LetterReady, bot.LetterNew} {
		letters, err := l.read.Letters(l.ctx, state, mostRows)
		if err != nil {
			return content{}, err
		}
		for i, letter := range letters {
			v.In = append(v.In, l.letterRow(letter, letters[i+1:]))
		}
	}
	for _, state := range []string{bot.TaskDoubtful, bot.TaskFailed, bot.TaskPerforming, bot.TaskWaiting} {
		tasks, err := l.read.Tasks(l.ctx, state, mostRows)
		if err != nil {
			return content{}, err
		}
		for i, t := range tasks {
			v.Out = append(v.Out, l.taskRow(t, tasks[i+1:]))
		}
	}
	return content{Title: "Deliveries", View: v}, nil
}

func (l look) letterRow(d bot.Letter, older []bot.Letter) waitsFor {
	r := waitsFor{
		Mood: "soft", What: cmp.Or(d.Kind, d.Name) + " from " + d.Source, About: string(cmp.Or(about(d), bot.RepoName(d.Subject))), ID: d.ID,
		Error: d.Error, Tries: d.Attempts, Since: words.For(l.now.Sub(d.At)), Paste: "roundtrip replay " + shellWord(d.ID),
	}
	before := 0
	for _, o := range older {
		if o.Subject == d.Subject && !o.Due.After(l.now) {
			before++
		}
	}
	switch {
	case d.State == bot.LetterFailed:
		r.Mood, r.Why = "bad", "It was given up, and is not tried again."
	case d.State == bot.LetterHandling:
		r.Why = "It is being handled."
	case d.State == bot.LetterNew:
		r.Why = "It was not opened yet."
	case d.Due.After(l.now):
		r.Why = "It is a timer, and rings " + at(d.Due) + "."
	case d.RetryAt.After(l.now):
		r.Mood, r.Why = "wait", "It is tried again "+at(d.RetryAt)+"."
	case before > 0:
		r.Why = fmt.Sprintf("It stands behind %d about the same.", before)
	default:
		r.Why = "It is the next of what it is about."
	}
	return r
}

func (l look) taskRow(t bot.Task, older []bot.Task) waitsFor {
	r := waitsFor{Mood: "soft", What: t.Kind, About: t.Key, ID: t.Cause, Error: t.Error, Tries: t.Attempts, Since: words.For(l.now.Sub(t.At))}
	before := 0
	for _, o := range older {
		if o.Group == t.Group {
			before++
		}
	}
	switch {
	case t.State == bot.TaskDoubtful:
		r.Mood, r.Why = "bad", "Nobody can tell whether it took place. It is not tried again; the home page says who decides, and by which line."
	case t.State == bot.TaskFailed:
		r.Mood, r.Why = "bad", "It failed, and is not tried again."
	case t.State == bot.TaskPerforming:
		r.Why = "It is being done."
	case t.Due.After(l.now):
		r.Mood, r.Why = "wait", "It is tried again "+at(t.Due)+"."
	case before > 0:
		r.Why = fmt.Sprintf("It stands behind %d of its group.", before)
	default:
		r.Why = "It is the next of its group."
	}
	return r
}

func at(t time.Time) string { return "at " + t.UTC().Format("2006-01-02 15:04:05") + " UTC" }
