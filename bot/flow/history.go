package flow

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// History is what happened, typed. Times are those of the facts.
type History struct {
	Deployments []Deployment
	Failures    []Failure
	Recoveries  []Recovery
	Catches     []Catch
	Merged      []Merged
	Incidents   []Incident
	Unread      int // facts whose data could not be read
}

// Kinds of deployments.
const (
	Deploy   = "deploy"
	Redeploy = "redeploy" // of what was live already
	Rollback = "rollback" // to what was live before
)

// Deployment is a release that got all the traffic of an environment.
type Deployment struct {
	Rollout     string    `json:"rollout"`
	Service     string    `json:"service"`
	Environment string    `json:"environment"`
	Stage       string    `json:"stage,omitempty"`
	SHA         bot.SHA   `json:"sha"`
	Previous    bot.SHA   `json:"previous_sha"` // empty: the first one
	Kind        string    `json:"kind"`
	Hotfix      bool      `json:"hotfix,omitempty"`
	Live        time.Time `json:"live,omitzero"` // first traffic
	Complete    time.Time `json:"at"`            // all the traffic
	Ships       []Shipped `json:"ships,omitempty"`
	Unknown     string    `json:"unknown,omitempty"` // why it is not known what it ships
}

// Shipped is a commit that a deployment was the first after the previous one
// to hold.
type Shipped struct {
	SHA      bot.SHA   `json:"sha"`
	Number   int       `json:"number,omitempty"` // of its change; 0: none is known
	Kind     string    `json:"kind"`             // human, bot, revert, merge
	Authored time.Time `json:"authored,omitzero"`
	First    time.Time `json:"first,omitzero"`  // when its change's first commit was authored
	Opened   time.Time `json:"opened,omitzero"` // when its change was opened
}

// Failure says that a deployment had to be repaired.
type Failure struct {
	Rollout string    `json:"rollout"`
	From    string    `json:"from"` // rollback, incident, mark
	At      time.Time `json:"at"`
}

// Recovery says that a failed deployment was made good.
type Recovery struct {
	Rollout string    `json:"rollout"` // the failed one
	With    string    `json:"with"`    // the rollout that made it good
	By      string    `json:"by"`      // rollback, hotfix
	At      time.Time `json:"at"`
}

// Catch is a rollout that ended before it had all the traffic.
type Catch struct {
	Rollout     string    `json:"rollout"`
	Service     string    `json:"service"`
	Environment string    `json:"environment"`
	Served      bool      `json:"served"` // it had some traffic
	Blamed      bool      `json:"blamed"` // production found it worse
	At          time.Time `json:"-"`
}

// Merged is a change that was merged.
type Merged struct {
	Number  int       `json:"number"`
	Lines   int       `json:"lines"`
	Bot     bool      `json:"bot"`
	Revert  bool      `json:"revert"`
	Reverts int       `json:"reverts"` // the number of the change it takes back, if it says so
	Hotfix  bool      `json:"hotfix"`
	At      time.Time `json:"merged"`
}

// Incident is a time in which a branch was red.
type Incident struct {
	Branch string    `json:"branch"`
	Number int       `json:"number"`
	Broke  time.Time `json:"broke"`
	Healed time.Time `json:"-"` // zero: not yet
}

// Kinds of facts that FromFacts reads; others are passed over.
func Kinds() []string {
	return []string{"release.live", "release.failed", "release.recovered", "rollout.failed", "change.merged", "main.broke", "main.healed"}
}

// FromFacts reads the ledger of a repository. Other kinds of facts are passed
// over; of two facts about the same thing the first counts.
func FromFacts(facts []bot.Fact) History {
	var h History
	for _, f := range facts {
		if !h.take(f) {
			h.Unread++
		}
	}
	slices.SortStableFunc(h.Deployments, func(a, b Deployment) int { return a.Live.Compare(b.Live) })
	h.Deployments = unique(h.Deployments, func(d Deployment) string { return d.Rollout })
	h.Merged = unique(h.Merged, func(m Merged) int { return m.Number })
	slices.SortStableFunc(h.Incidents, func(a, b Incident) int {
		return cmp.Or(a.Broke.Compare(b.Broke), cmp.Compare(a.Branch, b.Branch))
	})
	return h
}

func (h *History) take(f bot.Fact) bool {
	switch f.Kind {
	case "release.live":
		d := Deployment{Complete: f.At, Kind: Deploy}
		ok := read(f, &d)
		if d.Live.IsZero() {
			d.Live = d.Complete
		}
		h.Deployments = keep(h.Deployments, d, ok)
		return ok
	case "release.failed":
		x := Failure{At: f.At}
		ok := read(f, &x)
		h.Failures = keep(h.Failures, x, ok)
		return ok
	case "release.recovered":
		x := Recovery{At: f.At}
		ok := read(f, &x)
		h.Recoveries = keep(h.Recoveries, x, ok)
		return ok
	case "rollout.failed":
		x := Catch{At: f.At}
		ok := read(f, &x)
		h.Catches = keep(h.Catches, x, ok)
		return ok
	case "change.merged":
		x := Merged{At: f.At}
		ok := read(f, &x)
		h.Merged = keep(h.Merged, x, ok)
		return ok
	case "main.broke":
		x := Incident{Broke: f.At}
		ok := read(f, &x)
		h.broke(x, ok)
		return ok
	case "main.healed":
		x := Incident{}
		ok := read(f, &x)
		h.healed(x, f.At, ok)
		return ok
	}
	return true
}

func read(f bot.Fact, into any) bool { return json.Unmarshal(f.Data, into) == nil }

func keep[T any](list []T, x T, ok bool) []T {
	if !ok {
		return list
	}
	return append(list, x)
}

func (h *History) incident(x Incident) int {
	return slices.IndexFunc(h.Incidents, func(i Incident) bool { return i.Branch == x.Branch && i.Number == x.Number })
}

func (h *History) broke(x Incident, ok bool) {
	if ok && h.incident(x) < 0 {
		h.Incidents = append(h.Incidents, x)
	}
}

// healed closes an incident; its fact also tells of one whose beginning we
// did not see.
func (h *History) healed(x Incident, at time.Time, ok bool) {
	if !ok {
		return
	}
	i := h.incident(x)
	if i < 0 {
		if x.Broke.IsZero() {
			return
		}
		h.Incidents = append(h.Incidents, x)
		i = len(h.Incidents) - 1
	}
	if h.Incidents[i].Healed.IsZero() {
		h.Incidents[i].Healed = at
	}
}

func unique[T any, K comparable](list []T, key func(T) K) []T {
	seen := map[K]bool{}
	return slices.DeleteFunc(list, func(x T) bool {
		k := key(x)
		if seen[k] {
			return true
		}
		seen[k] = true
		return false
	})
}
