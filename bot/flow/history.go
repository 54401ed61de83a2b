package flow

import (
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
	Goal        string    `json:"goal,omitempty"` // the environment that its pipeline leads to
	SHA         bot.SHA   `json:"sha"`
	Previous    bot.SHA   `json:"previous_sha"` // empty: the first one
	Kind        string    `json:"kind"`
	Hotfix      bool      `json:"hotfix,omitempty"`
	Live        time.Time `json:"live,omitzero"` // first traffic
	Complete    time.Time `json:"at"`            // all the traffic
	Ships       []Shipped `json:"ships,omitempty"`
	Unknown     string    `json:"unknown,omitempty"` // why it is not known what it ships
}

// Goal is the environment that reports are about: where the pipeline of the
// newest deployment leads to.
func (h History) Goal() string {
	for _, d := range slices.Backward(h.Deployments) {
		if d.Goal != "" {
			return d.Goal
		}
	}
	return "production" // as facts say that were written before they had a goal
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
	// Unwatched: at Healed it was red still, and nobody looked any more.
	Unwatched bool `json:"-"`
}
