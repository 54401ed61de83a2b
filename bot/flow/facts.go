package flow

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// kind is a kind of facts that reports are made of. Its take adds a fact to a
// history and reports whether its data could be read.
type kind struct {
	name string
	take func(*History, bot.Fact) bool
}

func kinds() []kind {
	return []kind{
		{"release.live", as(func(at time.Time) Deployment { return Deployment{Complete: at, Kind: Deploy} }, (*History).live)},
		{"release.failed", as(func(at time.Time) Failure { return Failure{At: at} }, (*History).failed)},
		{"release.recovered", as(func(at time.Time) Recovery { return Recovery{At: at} }, (*History).recovered)},
		{"rollout.failed", as(func(at time.Time) Catch { return Catch{At: at} }, (*History).caught)},
		{"change.merged", as(func(at time.Time) Merged { return Merged{At: at} }, (*History).merged)},
		{"main.broke", as(func(at time.Time) Incident { return Incident{Broke: at} }, (*History).broke)},
		{"main.healed", as(func(time.Time) Incident { return Incident{} }, (*History).healed)},
		{"main.unwatched", as(func(time.Time) Incident { return Incident{} }, (*History).unwatched)},
	}
}

// as reads a fact as a T. What its data does not say is as begin has it, which
// knows the fact's time; what cannot be read is not added.
func as[T any](begin func(at time.Time) T, add func(h *History, x T, at time.Time)) func(*History, bot.Fact) bool {
	return func(h *History, f bot.Fact) bool {
		x := begin(f.At)
		if json.Unmarshal(f.Data, &x) != nil {
			return false
		}
		add(h, x, f.At)
		return true
	}
}

// Kinds of facts that FromFacts reads; others are passed over.
func Kinds() (names []string) {
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return names
}

// FromFacts reads the ledger of a repository. Other kinds of facts are passed
// over; of two facts about the same thing the first counts.
func FromFacts(facts []bot.Fact) History {
	var h History
	known := kinds()
	for _, f := range facts {
		i := slices.IndexFunc(known, func(k kind) bool { return k.name == f.Kind })
		if i >= 0 && !known[i].take(&h, f) {
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

func (h *History) live(x Deployment, _ time.Time) {
	if x.Live.IsZero() {
		x.Live = x.Complete
	}
	h.Deployments = append(h.Deployments, x)
}

func (h *History) failed(x Failure, _ time.Time)     { h.Failures = append(h.Failures, x) }
func (h *History) recovered(x Recovery, _ time.Time) { h.Recoveries = append(h.Recoveries, x) }
func (h *History) caught(x Catch, _ time.Time)       { h.Catches = append(h.Catches, x) }
func (h *History) merged(x Merged, _ time.Time)      { h.Merged = append(h.Merged, x) }

func (h *History) incident(x Incident) int {
	return slices.IndexFunc(h.Incidents, func(i Incident) bool { return i.Branch == x.Branch && i.Number == x.Number })
}

func (h *History) broke(x Incident, _ time.Time) {
	if h.incident(x) < 0 {
		h.Incidents = append(h.Incidents, x)
	}
}

// healed closes an incident; its fact also tells of one whose beginning we
// did not see.
func (h *History) healed(x Incident, at time.Time) {
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

// unwatched closes an incident of which nobody looked for the end.
func (h *History) unwatched(x Incident, at time.Time) {
	h.healed(x, at)
	if i := h.incident(x); i >= 0 && h.Incidents[i].Healed.Equal(at) {
		h.Incidents[i].Unwatched = true
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
