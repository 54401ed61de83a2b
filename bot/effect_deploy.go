package bot

import (
	"fmt"
	"time"
)

// ExecutorRef names who puts a stage in place: a kind of executor and the
// endpoint, command or workflow that it uses.
type ExecutorRef struct {
	Kind string `json:"kind"` // "http"
	Name string `json:"name"` // "shop-cd"
}

func (r ExecutorRef) String() string { return "executor " + r.Name }

// StageOrder is all that an executor needs to know of a rollout. Key makes it
// idempotent; an executor refuses a Fence older than one it has seen in the
// environment.
type StageOrder struct {
	Key         string            `json:"key"`
	Over        string            `json:"over,omitempty"` // the order whose canary this one goes on with
	Fence       int               `json:"fence"`
	Executor    ExecutorRef       `json:"executor"`
	Repo        RepoRef           `json:"repo"`
	Service     string            `json:"service"`
	Environment string            `json:"environment"`
	Stage       StageName         `json:"stage"`
	SHA         SHA               `json:"sha"`
	StableSHA   SHA               `json:"stable_sha,omitempty"`
	Weight      int               `json:"weight"` // percent of the traffic
	Params      map[string]string `json:"params,omitempty"`
	// Since is when it was made, or what it goes on with: nothing of either is
	// older. Zero when nobody knows.
	Since time.Time `json:"since,omitzero"`
}

// Slot is the unit of mutual exclusion: the repository, the service and the
// environment.
func (o StageOrder) Slot() string {
	return fmt.Sprintf("%s/%s/%s", o.Repo.Key(), o.Service, o.Environment)
}

// Earlier is the order for the canary that a take-over goes on with. Its fence
// is the newer one, or it would be refused.
func (o StageOrder) Earlier() StageOrder {
	o.Key, o.Over = o.Over, ""
	return o
}

// States of a deployment, as an executor observes it.
const (
	StageRunning  = "running"  // being put in place
	StagePlaced   = "placed"   // in place, at its weight
	StageFinished = "finished" // it has all the traffic; the old one is gone
	StageAborted  = "aborted"  // traffic is back on the old one
	StageFailed   = "failed"
)

// Observation is what an executor says of an order.
type Observation struct {
	State   string `json:"state"`
	SHA     SHA    `json:"sha,omitempty"`
	Weight  int    `json:"weight"`
	Message string `json:"message,omitempty"`
	URL     string `json:"url,omitempty"`
}

// StartStage puts a release in place at its first weight. It is an order:
// after a crash the executor is asked whether it has seen the key.
type StartStage struct {
	Order StageOrder `json:"order"`
}

// Kind is "stage.start".
func (StartStage) Kind() string { return "stage.start" }

// Key is the order's.
func (e StartStage) Key() string { return e.Order.Key }

// OrderID is the order's key.
func (e StartStage) OrderID() string { return e.Order.Key }

// Group keeps what is done to one slot in order.
func (e StartStage) Group() string { return "stage/" + e.Order.Slot() }

// Settled tells the rollout.
func (e StartStage) Settled(o Outcome, detail string) Event {
	return StageSettled{Slot: e.Order.Slot(), Rollout: e.Order.Key, Verb: "start", Outcome: o, Detail: detail}
}

// SetWeight moves traffic to the order's weight.
type SetWeight struct {
	Order StageOrder `json:"order"`
}

// Kind is "stage.weight".
func (SetWeight) Kind() string { return "stage.weight" }

// Key is the order's and the weight.
func (e SetWeight) Key() string { return fmt.Sprintf("%s/%d", e.Order.Key, e.Order.Weight) }

// Group keeps what is done to one slot in order.
func (e SetWeight) Group() string { return "stage/" + e.Order.Slot() }

// Anew is this one, unless the slot went on.
func (SetWeight) Anew() Anew { return NewestIfLast }

// Settled tells the rollout.
func (e SetWeight) Settled(o Outcome, detail string) Event {
	return StageSettled{Slot: e.Order.Slot(), Rollout: e.Order.Key, Verb: "weight", Outcome: o, Detail: detail}
}

// FinishStage gives the release all the traffic and retires the old one.
type FinishStage struct {
	Order StageOrder `json:"order"`
}

// Kind is "stage.finish".
func (FinishStage) Kind() string { return "stage.finish" }

// Key is the order's.
func (e FinishStage) Key() string { return e.Order.Key }

// Group keeps what is done to one slot in order.
func (e FinishStage) Group() string { return "stage/" + e.Order.Slot() }

// Anew is this one, unless the slot went on.
func (FinishStage) Anew() Anew { return NewestIfLast }

// Settled tells the rollout.
func (e FinishStage) Settled(o Outcome, detail string) Event {
	return StageSettled{Slot: e.Order.Slot(), Rollout: e.Order.Key, Verb: "finish", Outcome: o, Detail: detail}
}

// AbortStage brings the traffic back to what was stable.
type AbortStage struct {
	Order StageOrder `json:"order"`
}

// Kind is "stage.abort".
func (AbortStage) Kind() string { return "stage.abort" }

// Key is the order's.
func (e AbortStage) Key() string { return e.Order.Key }

// Group keeps what is done to one slot in order.
func (e AbortStage) Group() string { return "stage/" + e.Order.Slot() }

// Anew is this one, unless the slot went on.
func (AbortStage) Anew() Anew { return NewestIfLast }

// Replaces what still waits for the slot.
func (AbortStage) Replaces() {}

// Settled tells the rollout.
func (e AbortStage) Settled(o Outcome, detail string) Event {
	return StageSettled{Slot: e.Order.Slot(), Rollout: e.Order.Key, Verb: "abort", Outcome: o, Detail: detail}
}
