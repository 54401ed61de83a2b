package fakeprod

import (
	"maps"
	"slices"
	"time"
)

// Operations of the API.
const (
	OpStart  = "start"
	OpFind   = "find"
	OpWeight = "weight"
	OpFinish = "finish"
	OpAbort  = "abort"
)

// Call is one request to the API that was signed well.
type Call struct {
	At      time.Time
	Op      string
	Key     string
	What    string // of a start: the environment and the commit, "staging 9f68…"
	Fence   int
	Status  int
	Changed bool // it did something; a repetition does not
}

// Calls lists all requests in the order they came.
func (t *Target) Calls() []Call {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.calls)
}

// Deployments lists all that were ever begun, by key.
func (t *Target) Deployments() []Deployment {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.places {
		t.settle(p)
	}
	var list []Deployment
	for _, key := range slices.Sorted(maps.Keys(t.deployments)) {
		list = append(list, t.deployments[key].Deployment)
	}
	return list
}

// Count is how often an operation was asked for a key, and how often that
// changed something.
func (t *Target) Count(op, key string) (asked, changed int) {
	for _, c := range t.Calls() {
		if c.Op == op && c.Key == key {
			asked++
			if c.Changed {
				changed++
			}
		}
	}
	return asked, changed
}
