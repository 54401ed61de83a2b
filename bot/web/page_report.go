package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
)

// reportView is a week of a repository.
type reportView struct {
	Report     flow.Report
	Rows       []measureRow
	Path       string
	CSV, JSON  string
	Prev, Next string // empty: that week has not begun
	Week       string
	SoFar      string // of the week that this one leads up to, and has begun; empty: it is quiet yet
}

// measureRow is a measure with how it went in the weeks before.
type measureRow struct {
	flow.Result
	Doc   string
	Left  string
	Trend template.HTML
}

// trendWeeks is how many weeks a sparkline shows.
const trendWeeks = 8

// reportsPath is where the reports are listed.
const reportsPath = "/report"

// reports lists the repositories that have one; with one alone there is
// nothing to choose.
func reports(l look, _ *http.Request) (content, error) {
	repos, err := l.repos()
	repos = slices.CompactFunc(repos, func(a, b bot.RepoRef) bool { return a.Name == b.Name }) // of two installations
	if len(repos) == 1 {
		return content{To: reportPath(repos[0].Name)}, err
	}
	return content{Title: "Reports", View: repos}, err
}

func report(l look, r *http.Request) (content, error) {
	repos, err := l.named(r.PathValue("owner"), r.PathValue("name"))
	if err != nil {
		return content{}, err
	}
	repo := repos[0]
	p, err := l.period(repo, r.URL.Query())
	if err != nil {
		return content{}, err
	}
	facts, err := l.read.Facts(l.ctx, bot.FactQuery{Repo: repo, Kinds: flow.Kinds()})
	if err != nil {
		return content{}, err
	}
	h := flow.FromFacts(facts)
	if !r.URL.Query().Has("environment") {
		p.Environment = h.Goal()
	}
	rep := flow.New(h, p)
	switch r.URL.Query().Get("format") {
	case "":
	case "csv":
		return content{Type: "text/csv", Body: flow.CSV(rep)}, nil
	case "json":
		b, err := json.MarshalIndent(rep, "", "  ")
		return content{Type: "application/json", Body: string(b) + "\n"}, err
	default:
		return content{}, wrongWish("There is no such format: choose csv or json.")
	}
	v := reportView{Report: rep, Path: reportPath(repo.Name), Week: isoWeek(p.From)}
	weeks := weeksUpTo(h, p)
	for _, m := range flow.Measures() {
		v.Rows = append(v.Rows, row(rep, weeks, m))
	}
	link := func(set ...string) string { return v.Path + "?" + query(r.URL.Query(), set...) }
	v.CSV, v.JSON = link("week", v.Week, "format", "csv"), link("week", v.Week, "format", "json")
	v.Prev = link("week", isoWeek(p.From.AddDate(0, 0, -7)))
	if p.To.Before(l.now) {
		v.Next, v.SoFar = link("week", isoWeek(p.To)), soFar(h, p)
	}
	return content{Title: fmt.Sprintf("Report of %s, %s", repo.Name, v.Week), Repo: repo.Name, View: v}, nil
}

// soFar is what the week after a period's came to, while it is not over.
func soFar(h flow.History, p flow.Period) string {
	p.From, p.To = p.To, p.To.AddDate(0, 0, 7)
	rep := flow.New(h, p)
	if rep.Quiet || !p.To.After(p.Now) {
		return ""
	}
	return rep.Sentence()
}

func row(rep flow.Report, weeks []flow.Report, m flow.Measure) measureRow {
	r := measureRow{Result: rep.Result(m.Name), Doc: m.Doc}
	var left []string
	for _, c := range append(append([]flow.Count{}, r.Excluded...), r.Notes...) {
		left = append(left, fmt.Sprintf("%d %s", c.N, c.Why))
	}
	r.Left = strings.Join(left, "; ")
	r.Trend = trend(weeks, m)
	return r
}

// drawn is which number of a measure a sparkline shows, where it is not the
// first one that every week has.
var drawn = map[string]string{"between_deploys": "mean", "lead_time": "mean", "recovery": "mean", "fail_rate": "rate", "rework": "rate"}

// trend draws a measure's number over the weeks. A week that has none leaves a
// gap.
func trend(weeks []flow.Report, m flow.Measure) template.HTML {
	var points []point
	for i, week := range weeks {
		y, result := none, week.Result(m.Name)
		if f, ok := result.Figure(drawn[m.Name]); ok {
			y = f.Value
		} else if len(result.Figures) > 0 && drawn[m.Name] == "" {
			y = result.Figures[0].Value
		}
		points = append(points, point{X: float64(i), Y: y})
	}
	return sparkline(fmt.Sprintf("%s: the last %d weeks", m.Title, len(weeks)), points)
}
