// Package flow is what managers read: how work flows to production, measured
// from the ledger. It is pure: facts in, a Report out, and a report said in
// text, Markdown, CSV, JSON and chat with the same numbers.
//
// The five measures of DORA are computed as its guide defines them
// (dora.dev/guides/dora-metrics), for one service in one environment; batch
// size and the minutes of red main stand beside them. Every number comes with
// how many things it was made of, percentiles only from five on, and whatever
// was left out is counted. Nothing is said about persons.
//
//   - history.go   the ledger's facts, typed
//   - period.go    what a report is about: a week, a service, an environment
//   - quantile.go  percentiles, also of what has not ended yet
//   - one file a measure
//   - render_*.go  one file a form
package flow

import (
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// Measure computes one result.
type Measure struct {
	Name    string // "lead_time"
	Title   string // "Lead time for changes"
	Doc     string // the definition, for people
	compute func(w window, r *Result)
}

// measures, in the order in which people see them: throughput, instability,
// then what drives both.
func measures() []Measure {
	return []Measure{
		{Name: "deployment_frequency", Title: "Deployment frequency", Doc: "how often a release reached all the traffic", compute: deploymentFrequency},
		{Name: "between_deploys", Title: "Time between deploys", Doc: "from one deployment to the next of the same service", compute: betweenDeploys},
		{Name: "lead_time", Title: "Lead time for changes", Doc: "from a change's first commit to its first traffic in production", compute: leadTime},
		{Name: "fail_rate", Title: "Change fail rate", Doc: "share of the deployments with changes that had to be repaired", compute: failRate},
		{Name: "recovery", Title: "Recovery time", Doc: "from the first traffic of a failed deployment to a healthy one", compute: recovery},
		{Name: "rework", Title: "Rework rate", Doc: "share of the deployments that nobody had planned: rollbacks, hotfixes, reverts", compute: rework},
		{Name: "batch_size", Title: "Batch size", Doc: "changed lines of a merged change", compute: batchSize},
		{Name: "red_main", Title: "Red main", Doc: "how long the main branch was broken", compute: redMain},
	}
}

// Measures is the table, for reference pages.
func Measures() []Measure { return measures() }

// Report is what is known of a period.
type Report struct {
	Period  Period   `json:"period"`
	Quiet   bool     `json:"quiet"`            // nothing went live, was merged or broke
	Unread  int      `json:"unread,omitempty"` // facts that could not be read
	Results []Result `json:"measures"`
}

// Result of one measure. Line says it in words; Figures are the numbers.
type Result struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Line     string   `json:"line"`
	N        int      `json:"n"`  // of how many things
	Of       string   `json:"of"` // what they are: "changes"
	Figures  []Figure `json:"figures,omitempty"`
	Items    []Item   `json:"items,omitempty"` // what was counted, for whoever wants to look
	Excluded []Count  `json:"excluded,omitempty"`
	Notes    []Count  `json:"notes,omitempty"` // counted, and to be known
}

// Counted says of how many things the result is: "1 deployment with changes".
func (r Result) Counted() string {
	things, with, qualified := strings.Cut(r.Of, " with ")
	counted := words.Plural(r.N, strings.TrimSuffix(things, "s"))
	if qualified {
		counted += " with " + with
	}
	return counted
}

// Figure is one number of a result. N is how many things it was made of.
type Figure struct {
	Name    string  `json:"name"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	N       int     `json:"n"`
	AtLeast bool    `json:"at_least,omitempty"` // some have not ended yet
}

// Item is one thing that was counted: a change, a rollout or an incident.
type Item struct {
	Of      string  `json:"of"`
	Value   float64 `json:"value"`
	AtLeast bool    `json:"at_least,omitempty"` // it has not ended yet
	Out     bool    `json:"out,omitempty"`      // in the denominator alone
}

// Count is how many of what.
type Count struct {
	Why string `json:"why"`
	N   int    `json:"n"`
}

// New measures a period of a history.
func New(h History, p Period) Report {
	r := Report{Period: p, Unread: h.Unread}
	w := look(h, p)
	for _, m := range measures() {
		result := Result{Name: m.Name, Title: m.Title}
		m.compute(w, &result)
		r.Results = append(r.Results, result)
	}
	r.Quiet = len(w.deployments)+len(w.merged)+len(w.incidents)+len(w.catches)+h.Unread == 0
	return r
}

// Result finds the result of a measure; the zero Result when there is none.
func (r Report) Result(name string) Result {
	for _, result := range r.Results {
		if result.Name == name {
			return result
		}
	}
	return Result{}
}

// Figure finds a number by its name.
func (r Result) Figure(name string) (Figure, bool) {
	i := slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Name == name })
	if i < 0 {
		return Figure{}, false
	}
	return r.Figures[i], true
}

func (r *Result) figure(name string, value float64, unit string, n int) {
	r.Figures = append(r.Figures, Figure{Name: name, Value: value, Unit: unit, N: n})
}

// leave counts what was left out.
func (r *Result) leave(why string) { r.Excluded = count(r.Excluded, why) }

// note counts what is in and worth knowing.
func (r *Result) note(why string) { r.Notes = count(r.Notes, why) }

func count(counts []Count, why string) []Count {
	for i := range counts {
		if counts[i].Why == why {
			counts[i].N++
			return counts
		}
	}
	return append(counts, Count{Why: why, N: 1})
}
