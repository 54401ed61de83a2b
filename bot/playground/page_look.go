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
	Running  []runningShown
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

// runningShown is the same for a page.
type runningShown struct {
	Environment    string
	Stable, Canary inPlace
	Weight         int
}

// inPlace is a commit, and where the bot's page of the rollout is that put it
// in place, as GitHub's deployment says; By is empty where nobody knows.
type inPlace struct{ Commit, By string }

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
			l.Threads = threads(w.messages(c, v.As), w.Slack.People())
		}
	}
	for _, name := range []string{Staging, Production} {
		if s := w.shopOf(name); s != nil {
			l.Running = append(l.Running, w.runningIn(name, s))
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

func (w *World) runningIn(name string, s *fakeprod.Shop) runningShown {
	r := runningShown{Environment: name, Stable: w.inPlace(name, s.Stable().SHA()), Weight: s.Weight()}
	if c := s.Canary(); c != nil {
		r.Canary = w.inPlace(name, c.SHA())
	}
	return r
}

func (w *World) inPlace(environment, sha string) inPlace {
	return inPlace{short(sha), w.rolloutOf(environment, sha)}
}

// rolloutOf is where the newest deployment of a commit leads.
func (w *World) rolloutOf(environment, sha string) (page string) {
	for _, d := range w.GitHub.Deployments(Repo) {
		if n := len(d.Statuses); d.Environment == environment && d.SHA == sha && n > 0 {
			page = d.Statuses[n-1].LogURL
		}
	}
	return page
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
