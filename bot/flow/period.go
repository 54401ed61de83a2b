package flow

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Period is what a report is about. Days are those of From's zone.
type Period struct {
	From        time.Time      `json:"from"`
	To          time.Time      `json:"to"` // exclusive
	Repo        bot.RepoName   `json:"repo"`
	Service     string         `json:"service"`     // empty: all, their deployments pooled
	Environment string         `json:"environment"` // empty: all
	Now         time.Time      `json:"as_of,omitzero"`
	Working     []time.Weekday `json:"-"` // Monday to Friday unless given
}

// failureWindow is how long after its first traffic a rollback or a revert
// still makes a deployment a failed one.
const failureWindow = 24 * time.Hour

// asOf is when we look: at the end unless the period says otherwise. What has
// not ended by then is shown as "at least".
func (p Period) asOf() time.Time {
	if p.Now.IsZero() {
		return p.To
	}
	return p.Now
}

func (p Period) holds(at time.Time) bool { return !at.Before(p.From) && at.Before(p.To) }

// days are the period's days up to now, and how many of them are working ones.
func (p Period) days() (all, working int) {
	end := p.To
	if now := p.asOf(); now.Before(end) {
		end = now
	}
	for d := p.From; d.Before(end); d = d.AddDate(0, 0, 1) {
		all++
		if p.isWorking(d) {
			working++
		}
	}
	return all, working
}

func (p Period) isWorking(at time.Time) bool {
	day := at.In(p.From.Location()).Weekday()
	if len(p.Working) == 0 {
		return day != time.Saturday && day != time.Sunday
	}
	return slices.Contains(p.Working, day)
}

// window is a history seen through a period.
type window struct {
	p           Period
	all         []Deployment // of the service and environment, ever
	deployments []Deployment // those of the period
	merged      []Merged
	incidents   []Incident // that overlap the period
	catches     []Catch
	failed      map[string]bool // rollouts
	foundAt     map[string]time.Time
	recoveries  []Recovery
	hotfixes    map[int]bool // numbers of changes
}

func look(h History, p Period) window {
	w := window{p: p, recoveries: h.Recoveries, failed: map[string]bool{}, foundAt: map[string]time.Time{}, hotfixes: map[int]bool{}}
	for _, d := range h.Deployments {
		if w.concerns(d.Service, d.Environment) {
			w.all = append(w.all, d)
		}
	}
	for _, m := range h.Merged {
		if p.holds(m.At) {
			w.merged = append(w.merged, m)
		}
		w.hotfixes[m.Number] = m.Hotfix
	}
	for _, i := range h.Incidents {
		if i.Broke.Before(p.To) && (i.Healed.IsZero() || i.Healed.After(p.From)) {
			w.incidents = append(w.incidents, i)
		}
	}
	for _, c := range h.Catches {
		if p.holds(c.At) && c.Served && c.Blamed && w.concerns(c.Service, c.Environment) {
			w.catches = append(w.catches, c)
		}
	}
	classify(w.all)
	w.judge(h)
	for _, d := range w.all {
		if p.holds(d.Live) {
			w.deployments = append(w.deployments, d)
		}
	}
	return w
}

func (w window) concerns(service, environment string) bool {
	return (w.p.Service == "" || w.p.Service == service) && (w.p.Environment == "" || w.p.Environment == environment)
}

// classify: whatever was live before is no deploy of something new, however
// it was asked for.
func classify(all []Deployment) {
	type slot struct{ service, environment string }
	live, before := map[slot]bot.SHA{}, map[slot]map[bot.SHA]bool{}
	for i, d := range all {
		s := slot{d.Service, d.Environment}
		switch {
		case d.Kind == Deploy && live[s] == d.SHA:
			all[i].Kind = Redeploy
		case d.Kind == Deploy && before[s][d.SHA]:
			all[i].Kind = Rollback
		}
		if before[s] == nil {
			before[s] = map[bot.SHA]bool{}
		}
		live[s], before[s][d.SHA] = d.SHA, true
	}
}

// judge finds which deployments failed. One counts once, however many ways it
// failed.
func (w *window) judge(h History) {
	live := map[string]time.Time{}
	shipped := map[int]Deployment{} // the first that shipped a change
	for _, d := range w.all {
		live[d.Rollout] = d.Live
		for _, s := range d.Ships {
			if _, had := shipped[s.Number]; s.Number > 0 && !had {
				shipped[s.Number] = d
			}
		}
	}
	for _, f := range h.Failures {
		at, known := live[f.Rollout]
		if known && (f.From != "rollback" || f.At.Sub(at) <= failureWindow) {
			w.fail(f.Rollout, f.At)
		}
	}
	for _, m := range h.Merged {
		if d, ok := shipped[m.Reverts]; ok && m.Reverts > 0 && !m.At.Before(d.Live) && m.At.Sub(d.Live) <= failureWindow {
			w.fail(d.Rollout, m.At)
		}
	}
}

func (w *window) fail(rollout string, at time.Time) {
	if found, had := w.foundAt[rollout]; !had || at.Before(found) {
		w.failed[rollout], w.foundAt[rollout] = true, at
	}
}
