package flow

import (
	"fmt"
	"slices"
	"time"
)

// backdated is how long before its change was opened a first commit may have
// been written: older ones were picked or imported.
const backdated = 30 * 24 * time.Hour

// leadTime is, for each change, the time from its first commit to the first
// traffic of the first deployment that held it, in hours. A change is a pull
// request, or a commit of which no pull request is known.
func leadTime(w window, r *Result) {
	r.Of = "changes"
	seen := map[string]bool{}
	for _, d := range w.all {
		if d.Kind != Deploy {
			continue
		}
		inside := w.p.holds(d.Live)
		switch {
		case !inside || len(d.Ships) > 0:
		case d.Previous == "":
			r.leave("first deploy, what it ships is not known")
		case d.Unknown != "":
			r.leave("deploy of which it is not known what it ships")
		}
		for _, c := range changesOf(d) {
			key := d.Service + "/" + d.Environment + "/" + c.name
			if inside && !seen[key] {
				c.measure(d.Live, r)
			}
			seen[key] = true // deployed twice: the first counts
		}
	}
	r.N = len(r.Items)
	r.percentiles("hours")
	if r.N > 0 {
		r.figure("mean", mean(r.Items), "hours", r.N)
	}
	r.Line = spread(r, time.Hour)
}

// shippedChange is all that a deployment ships of one change.
type shippedChange struct {
	name    string
	kinds   []string
	start   time.Time
	opened  time.Time
	commits int
}

// changesOf groups what a deployment ships by change.
func changesOf(d Deployment) []shippedChange {
	var changes []shippedChange
	for _, s := range d.Ships {
		name := s.SHA.Short()
		if s.Number > 0 {
			name = fmt.Sprintf("#%d", s.Number)
		}
		i := slices.IndexFunc(changes, func(c shippedChange) bool { return c.name == name })
		if i < 0 {
			changes, i = append(changes, shippedChange{name: name, opened: s.Opened}), len(changes)
		}
		changes[i].take(s)
	}
	return changes
}

func (c *shippedChange) take(s Shipped) {
	c.commits++
	c.kinds = append(c.kinds, s.Kind)
	for _, at := range []time.Time{s.First, s.Authored} {
		if s.Kind != "merge" && !at.IsZero() && (c.start.IsZero() || at.Before(c.start)) {
			c.start = at
		}
	}
}

// kind of the change: a revert or a bot's if any of its commits is; a merge
// if all of them are.
func (c shippedChange) kind() string {
	for _, kind := range []string{"revert", "bot"} {
		if slices.Contains(c.kinds, kind) {
			return kind
		}
	}
	if !slices.ContainsFunc(c.kinds, func(k string) bool { return k != "merge" }) {
		return "merge commit"
	}
	return ""
}

// measure adds the change, or counts why it is left out. Authors' clocks and
// dates are theirs to choose, so GitHub's time of opening bounds them.
func (c shippedChange) measure(live time.Time, r *Result) {
	if kind := c.kind(); kind != "" {
		r.leave(kind)
		return
	}
	start := c.start
	if !c.opened.IsZero() && (start.IsZero() || start.After(c.opened)) {
		start = c.opened
	}
	if !c.opened.IsZero() && start.Before(c.opened.Add(-backdated)) {
		start = c.opened
		r.note("backdated, counted from opening")
	}
	if start.IsZero() {
		r.leave("no date")
		return
	}
	took := live.Sub(start)
	if took < 0 {
		took = 0
		r.note("clock skew, counted as 0")
	}
	r.Items = append(r.Items, Item{Of: c.name, Value: took.Hours()})
}

func mean(items []Item) float64 {
	sum := 0.0
	for _, i := range items {
		sum += i.Value
	}
	return sum / float64(len(items))
}
