package playground

import (
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// look is all that the page shows.
type look struct {
	frame
	Commands []string // how each is used
	Changes  []fakegithub.ChangeView
	Change   fakegithub.ChangeView
	Closes   []fakegithub.IssueView
	Blocked  []string // why the change may not be merged now
	Channels []channel
	Threads  []thread // of the channel in view
	Running  []running
	Coach    coach
	Knobs    []knobs
	Series   Series
	Happened []Happening // newest first
	Minutes  float64     // that the series span
}

// channel is a tab of the Slack pane.
type channel struct {
	Name  string
	Count int // messages in it
}

// running is what runs in an environment.
type running struct {
	Environment, Stable, Canary string
	Weight                      int
}

func (w *World) look(f frame) look {
	v := f.View
	l := look{frame: f, Commands: w.commands, Changes: w.GitHub.Changes(Repo)}
	l.Series, l.Happened, l.Minutes = w.Series(), w.Happenings(), w.span().Minutes()
	for _, c := range l.Changes {
		if strconv.Itoa(c.Number) == v.Change || l.Change.Number == 0 {
			l.Change = c
		}
	}
	l.View.Change = strconv.Itoa(l.Change.Number)
	l.Knobs = w.knobs()
	l.Coach = w.coach(l.View)
	l.Closes = w.closes(l.Change)
	l.Blocked = blocked(l.Change, v.As)
	for _, c := range w.Slack.Channels() {
		l.Channels = append(l.Channels, channel{c.Name, len(w.Slack.Messages(c.Name))})
		if c.Name == v.Channel {
			l.Threads = threads(w.messages(c, v.As))
		}
	}
	for _, name := range []string{Staging, Production} {
		if s := w.shopOf(name); s != nil {
			l.Running = append(l.Running, runningIn(name, s))
		}
	}
	return l
}

// blocked says why somebody cannot merge a change now, in a person's words.
func blocked(c fakegithub.ChangeView, as string) (why []string) {
	if as == stranger {
		why = append(why, stranger+" may not write here")
	}
	switch c.Verdict {
	case "blocked", "dirty", "draft":
		return append(why, c.Blocked...)
	}
	return why
}

// shopOf is the shop of an environment; nil before there is one.
func (w *World) shopOf(name string) *fakeprod.Shop {
	if w.Prod == nil {
		return nil
	}
	return w.Prod.Shop(name)
}

func runningIn(name string, s *fakeprod.Shop) running {
	r := running{Environment: name, Stable: short(s.Stable().SHA()), Weight: s.Weight()}
	if c := s.Canary(); c != nil {
		r.Canary = short(c.SHA())
	}
	return r
}

func short(sha string) string { return sha[:min(7, len(sha))] }

// Mark is the sign before a check in the list.
func (l look) Mark(c fakegithub.CheckView) string {
	switch outcomeOf(c) {
	case "success":
		return "✓"
	case "failure", "error", "timed_out", "cancelled":
		return "✗"
	case "neutral", "skipped":
		return "–"
	}
	return "●"
}

// Outcome is a check's conclusion, or its status while it runs, in words.
func (l look) Outcome(c fakegithub.CheckView) string {
	return strings.ReplaceAll(outcomeOf(c), "_", " ")
}

func outcomeOf(c fakegithub.CheckView) string {
	if c.Conclusion != "" {
		return c.Conclusion
	}
	return c.Status
}

// Passed counts the checks that stand in nobody's way, and all.
func (l look) Passed() string {
	n := 0
	for _, c := range l.Change.Checks {
		if outcomeOf(c) == "success" || outcomeOf(c) == "neutral" {
			n++
		}
	}
	return strconv.Itoa(n) + " of " + strconv.Itoa(len(l.Change.Checks))
}
