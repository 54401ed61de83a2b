package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// changeView is a change and all that we said of it.
type changeView struct {
	changeDoc
	State    string
	Verdicts []verdictView
	Checks   []bot.CheckRun
	Rollouts []deployed
}

// verdictView is what a policy says of the head.
type verdictView struct {
	Policy      policies.Policy
	Known       bool
	Title, Text string
	Mood, Word  string
	Shown       string // whether GitHub shows it
	At          time.Time
}

// deployed is a rollout of the change, as its newest fact tells.
type deployed struct {
	told
	Began time.Time
}

func change(l look, r *http.Request) (content, error) {
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 1 {
		return content{}, errNoPage
	}
	repos, err := l.named(r.PathValue("owner"), r.PathValue("name"))
	if err != nil {
		return content{}, err
	}
	for _, repo := range repos {
		var d changeDoc
		found, err := l.read.Doc(l.ctx, changeKey(repo, number), &d)
		if err != nil {
			return content{}, err
		}
		if found {
			return l.changePage(d)
		}
	}
	return content{}, errNoPage
}

func (l look) changePage(d changeDoc) (content, error) {
	v := changeView{changeDoc: d, State: changeState(d.Change)}
	for _, p := range policies.All() {
		verdict, err := l.verdict(d.Change, p)
		if err != nil {
			return content{}, err
		}
		v.Verdicts = append(v.Verdicts, verdict)
	}
	var head headDoc
	if _, err := l.read.Doc(l.ctx, headKey(d.Change), &head); err != nil {
		return content{}, err
	}
	for _, run := range head.Runs {
		v.Checks = append(v.Checks, run)
	}
	slices.SortFunc(v.Checks, func(a, b bot.CheckRun) int { return strings.Compare(a.Name, b.Name) })
	var err error
	v.Rollouts, err = l.rolloutsOf(d.Change.Ref)
	return content{Title: d.Change.Ref.String() + " " + d.Change.Title, Repo: d.Change.Ref.Repo.Name, View: v}, err
}

func changeState(c bot.Change) string {
	switch {
	case c.Merged:
		return "merged"
	case !c.Open:
		return "closed"
	case c.Draft:
		return "draft"
	}
	return "open"
}

// verdict is the newest one of a policy on the change's head, written or held.
func (l look) verdict(c bot.Change, p policies.Policy) (verdictView, error) {
	v := verdictView{Policy: p}
	key := bot.SetCheck{Repo: c.Ref.Repo, SHA: c.Head, Name: p.Check}.Key()
	tasks, err := l.read.TasksOf(l.ctx, bot.SetCheck{}.Kind(), key, 5)
	if err != nil || len(tasks) == 0 {
		return v, err
	}
	if len(tasks[0].Body) == 0 {
		v.Known, v.At, v.Title = true, tasks[0].At, "What it said is no longer kept here"
		v.Mood, v.Word, v.Shown = "soft", "of then", shownAs[tasks[0].State]
		return v, nil
	}
	e, err := bot.DecodeEffect(tasks[0].Kind, tasks[0].Body)
	check, ok := e.(bot.SetCheck)
	if err != nil || !ok {
		return v, err
	}
	v.Known, v.At, v.Title, v.Text = true, tasks[0].At, check.Title, check.Summary
	v.Mood, v.Word = mood(check.Status, check.Conclusion)
	v.Shown = shownAs[tasks[0].State]
	return v, nil
}

// shownAs says by the state of its effect whether people see a verdict.
var shownAs = map[string]string{
	bot.TaskWaiting: "about to be shown on GitHub", bot.TaskPerforming: "about to be shown on GitHub",
	bot.TaskDone: "shown on GitHub", bot.TaskUnchanged: "shown on GitHub", bot.TaskSuperseded: "a newer one takes its place",
	bot.TaskFailed: "could not be shown on GitHub", bot.TaskDoubtful: "perhaps shown on GitHub",
	bot.TaskHeld: "not shown on GitHub: this policy only observes",
}

// mood of a check, and the word for it: colour is never all that tells.
func mood(status, conclusion string) (mood, word string) {
	switch {
	case status != bot.Completed:
		return "wait", "waits"
	case conclusion == bot.Success:
		return "good", "pass"
	case conclusion == bot.Failure || conclusion == bot.TimedOut || conclusion == bot.StartupFailure:
		return "bad", "fail"
	case conclusion == bot.ActionRequired:
		return "wait", "action required"
	}
	return "soft", conclusion
}

// rolloutsOf a change, the newest first.
func (l look) rolloutsOf(ref bot.ChangeRef) (all []deployed, err error) {
	facts, err := l.told(bot.FactQuery{Repo: ref.Repo})
	for _, f := range facts {
		if f.Change != ref.Number {
			continue
		}
		if f.State == deploy.Resting {
			f.Why = "" // its state says it
		}
		if i := slices.IndexFunc(all, func(d deployed) bool { return d.Rollout == f.Rollout }); i >= 0 {
			all[i].told = f
			continue
		}
		all = append(all, deployed{f, f.At})
	}
	slices.Reverse(all)
	return all, err
}
