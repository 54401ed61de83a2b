package deploy

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// State of a rollout.
type State string

// States. Those of the second group are terminal.
const (
	Starting  State = "starting"  // the executor was asked, or puts it in place
	Watching  State = "watching"  // in place at a weight; production is asked
	Waiting   State = "waiting"   // for a person, at its weight
	Resting   State = "resting"   // a finished canary: waits for promotion
	Finishing State = "finishing" // the rest of the traffic moves
	Returning State = "returning" // traffic goes back to what was stable

	Succeeded      State = "succeeded"
	Promoted       State = "promoted" // the next stage took over
	RolledBack     State = "rolled_back"
	Aborted        State = "aborted"
	Failed         State = "failed" // nothing was moved
	RollbackFailed State = "rollback_failed"
)

// Ended reports whether nothing more will happen.
func (s State) Ended() bool {
	switch s {
	case Succeeded, Promoted, RolledBack, Aborted, Failed, RollbackFailed:
		return true
	}
	return false
}

// Words is the state as people say it.
func (s State) Words() string { return strings.ReplaceAll(string(s), "_", " ") }

// Kinds of rollouts.
const (
	KindDeploy   = "deploy"
	KindRollback = "rollback" // brings back what was good: fast, never undone by itself
)

// Rollout is one attempt to bring a release into a stage. It carries a copy
// of the settings that decide how, so that a later edit cannot change it.
type Rollout struct {
	bot.Version
	ID      string     `json:"id"` // the order's key: "42/1296269/shop/production/7"
	Number  int        `json:"number"`
	Kind    string     `json:"kind"`
	Release Release    `json:"release"`
	Stage   Stage      `json:"stage"`
	Slot    string     `json:"slot"`
	Fence   int        `json:"fence"`
	Stable  bot.SHA    `json:"stable,omitempty"`  // live when it began
	Before  string     `json:"before,omitempty"`  // the rollout that brought Stable
	Outside int64      `json:"outside,omitempty"` // or GitHub's id of the deployment of somebody else that did
	Watch   Watch      `json:"watch"`
	By      bot.Person `json:"by"`
	Asked   bool       `json:"asked"` // a person did; else a merge
	Undoes  string     `json:"undoes,omitempty"`
	Over    string     `json:"over,omitempty"` // the rollout whose canary it goes on with, which has traffic from the first

	State   State  `json:"state"`
	Step    int    `json:"step"` // index of the weight
	Turn    int    `json:"turn"` // transitions so far: what an older one asked for is stale
	Mirror  string `json:"mirror,omitempty"`
	Why     string `json:"why,omitempty"`     // of a wait, a return or a failure
	Blamed  bool   `json:"blamed,omitempty"`  // production said so
	Stopped bool   `json:"stopped,omitempty"` // a person said so
	// Overruled: production did worse, and a person let it go on.
	Overruled bool `json:"overruled,omitempty"`

	Began   time.Time `json:"began"`
	Placed  time.Time `json:"placed,omitzero"` // first traffic
	Since   time.Time `json:"since,omitzero"`  // first traffic in the canary whose slot it took over
	Canary  time.Time `json:"canary,omitzero"` // when the canary that it goes on with began
	StepAt  time.Time `json:"step_at,omitzero"`
	Silent  time.Time `json:"silent,omitzero"` // since when the executor has not said what it did
	EndedAt time.Time `json:"ended_at,omitzero"`
	URL     string    `json:"url,omitempty"`
}

// Watch is how production is asked and judged during a rollout, and what it
// answered: of each metric the newest windows, and the evidence of all that
// came before them, so that a verdict can be computed again.
type Watch struct {
	Sources []string                   `json:"sources,omitempty"`
	Arms    Arms                       `json:"arms"`
	Metrics []Metric                   `json:"metrics,omitempty"`
	Judge   Judge                      `json:"judge"`
	Windows map[string][]bot.Window    `json:"windows,omitempty"` // by metric
	Past    map[string]Past            `json:"past,omitempty"`
	Cursors map[string]json.RawMessage `json:"cursors,omitempty"`
	Trouble string                     `json:"trouble,omitempty"` // why the last look saw nothing
	// Troubles are those of each metric since it was last asked.
	Troubles map[string]string `json:"troubles,omitempty"`
}

// RolloutID is the id of a slot's rollout of that number.
func RolloutID(slot string, number int) string { return fmt.Sprintf("%s/%d", slot, number) }

// DocKey is where the rollout is kept.
func (r Rollout) DocKey() string { return "rollout/" + r.ID }

// Claims the slot until the rollout has ended.
func (r Rollout) Claims() []string {
	if r.State.Ended() {
		return nil
	}
	return []string{"slot/" + r.Slot}
}

// Weight is the share of the traffic that the rollout's current step asks for.
func (r Rollout) Weight() int { return r.Stage.Steps[r.Step].Weight }

// FirstTraffic is when people first saw this release in its slot: in the
// canary that it took over from, if there was one.
func (r Rollout) FirstTraffic() time.Time {
	if !r.Since.IsZero() {
		return r.Since
	}
	return r.Placed
}

// Order is what the executor is told.
func (r Rollout) Order() bot.StageOrder {
	return bot.StageOrder{
		Key: r.ID, Over: r.Over, Fence: r.Fence, Executor: r.Stage.Executor, Repo: r.Release.Repo,
		Service: r.Release.Service, Environment: r.Stage.Environment, Stage: r.Stage.Name,
		SHA: r.Release.SHA, StableSHA: r.Stable, Weight: r.Weight(), Params: r.Release.Params,
		Since: r.oldest(),
	}
}

// oldest is before anything was done of it, or of the canary that it goes on
// with; zero when nobody wrote down when that began.
func (r Rollout) oldest() time.Time {
	if r.Over != "" {
		return r.Canary
	}
	return r.Began
}

// Asking is what Begin needs to know.
type Asking struct {
	Release Release
	Stage   Stage
	Watch   Watch
	Kind    string
	By      bot.Person
	Asked   bool
	Undoes  string    // the rollout that a rollback takes back
	Over    string    // the rollout whose canary it goes on with
	Since   time.Time // the same release had traffic in this slot since; zero: not yet
	Canary  time.Time // when the rollout named by Over began
}

// Begin makes the next rollout of a slot and puts it on its way. The slot's
// fence grows, so that whatever came before can no longer move it.
func Begin(s Slot, a Asking, now time.Time) (Slot, Rollout, bot.Plan) {
	s.Count++
	s.Fence++
	r := Rollout{
		ID: RolloutID(s.Key, s.Count), Number: s.Count, Kind: a.Kind,
		Release: a.Release, Stage: a.Stage, Slot: s.Key, Fence: s.Fence, Watch: a.Watch,
		By: a.By, Asked: a.Asked, Undoes: a.Undoes, Over: a.Over, Since: a.Since, Canary: a.Canary, State: Starting, Began: now,
	}
	if s.Live != nil {
		r.Stable, r.Before, r.Outside = s.Live.Release.SHA, s.Live.Rollout, s.Live.Deployment
	}
	s.Running = r.ID
	var p plan
	p.r = &r
	p.learn("rollout.begun", now)
	p.mirror("queued", "waiting for its turn", now)
	p.do(bot.StartStage{Order: r.Order()})
	p.deadlines(now)
	return s, r, p.Plan
}
