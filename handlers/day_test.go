package handlers

import (
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// day is what happened at GitHub: the events in their order, and how it is now.
type day struct {
	repo    bot.RepoRef
	first   bot.SHA // main's, when it begins
	over    bool    // things began in it and were over before its end
	events  []bot.Event
	changes map[int]bot.Change
	runs    map[bot.SHA][]bot.CheckRun
	pushes  []bot.Pushed
	minute  int
}

func newDay() *day {
	return &day{repo: tea, first: teaSHA(1), changes: map[int]bot.Change{}, runs: map[bot.SHA][]bot.CheckRun{}}
}

func (d *day) at() time.Time {
	d.minute++
	return teaTime.Add(time.Duration(d.minute) * time.Minute)
}

// change is what somebody did to a change.
func (d *day) change(n int, action string, do func(*bot.Change)) {
	c, ok := d.changes[n]
	if !ok {
		c = openChange(n, teaSHA(n*100))
		c.HeadRef, c.Default, c.Added, c.Files = fmt.Sprint("topic-", n), "main", 10*n, 1
	}
	before := c.Head
	do(&c)
	if c.Updated = d.at(); c.Opened.IsZero() {
		c.Opened = c.Updated
	}
	d.changes[n] = c
	if action == "closed" {
		d.events = append(d.events, bot.ChangeClosed{Change: c, By: c.MergedBy})
		return
	}
	e := bot.ChangeUpdated{Action: action, Change: c, By: bot.Person{Login: "bob"}}
	if action == "synchronize" {
		e.Before = before
	}
	d.events = append(d.events, e)
}

// ran is a check that ended on main or on the head of a change.
func (d *day) ran(check string, sha bot.SHA, conclusion string, changes ...int) {
	at := d.at()
	run := bot.CheckRun{ID: int64(d.minute), App: 1, Name: check, SHA: sha, Status: bot.Completed, Conclusion: conclusion, Started: at.Add(-time.Second), Completed: at}
	d.runs[sha] = append(slices.DeleteFunc(d.runs[sha], func(r bot.CheckRun) bool { return r.Name == check }), run)
	e := bot.CheckReported{Repo: tea, Changes: changes, Run: run}
	if len(changes) == 0 {
		e.Branch = "main"
	}
	d.events = append(d.events, e)
}

func (d *day) push(before, after int) {
	p := bot.Pushed{
		Repo: tea, Branch: "main", Default: true, Before: teaSHA(before), After: teaSHA(after), By: bot.Person{Login: "bob"},
		Commits: []bot.Commit{{SHA: teaSHA(after), Tree: fmt.Sprint("tree-", after)}},
	}
	d.pushes, d.events = append(d.pushes, p), append(d.events, p)
}

func mergedAs(sha int) func(*bot.Change) {
	return func(c *bot.Change) {
		c.Open, c.Merged, c.MergeSHA, c.MergedBy = false, true, teaSHA(sha), bot.Person{Login: "bob"}
		c.MergedAt = teaTime.Add(time.Duration(sha) * time.Hour)
	}
}

func unchanged(*bot.Change) {}

// aDay with all that may be lost without a trace.
func aDay() *day {
	d := newDay()
	d.ran("build", teaSHA(1), bot.Success)
	d.ran("unit", teaSHA(1), bot.Success)
	for n := 1; n <= 5; n++ {
		d.change(n, "opened", unchanged)
	}
	d.change(1, "synchronize", func(c *bot.Change) { c.Head = teaSHA(101) })
	d.change(1, "synchronize", func(c *bot.Change) { c.Head, c.Added = teaSHA(102), 700 })
	d.change(2, "labeled", func(c *bot.Change) { c.Labels = []string{"hotfix"} })
	d.change(3, "closed", func(c *bot.Change) { c.Open = false })
	d.change(3, "reopened", func(c *bot.Change) { c.Open = true })
	d.change(4, "closed", func(c *bot.Change) { c.Open = false })
	d.ran("build", teaSHA(102), bot.Success, 1)
	d.ran("unit", teaSHA(102), bot.Failure, 1)
	d.ran("unit", teaSHA(102), bot.Success, 1)
	d.change(5, "closed", mergedAs(2))
	d.push(1, 2)
	d.ran("build", teaSHA(2), bot.Success)
	d.ran("unit", teaSHA(2), bot.Failure)
	d.change(2, "edited", func(c *bot.Change) { c.Title = "Another title" })
	return d
}
