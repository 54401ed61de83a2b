package executor

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// States of a run.
const (
	running = "running"
	ended   = "done"
	failed  = "failed"
)

// run is one run of a command or a workflow.
type run struct {
	Key    string    `json:"key"`
	SHA    bot.SHA   `json:"sha"`
	Verb   string    `json:"verb"` // start, weight, finish, abort
	Weight int       `json:"weight"`
	Began  time.Time `json:"began"`

	dir            string // of a command's
	id             int64  // of a workflow's
	url            string // for people
	state, message string
	told           bool // somebody was told of its failure
}

// deployment is the runs for a key, in order.
type deployment struct {
	dir   string // of a command's
	fence int    // of workflows: the highest that was seen in the slot
	runs  []run
}

// observation is what the runs amount to. A run that fails leaves what was.
func (d deployment) observation() bot.Observation {
	o := bot.Observation{State: bot.StageRunning, SHA: d.runs[0].SHA}
	for _, r := range d.runs {
		if r.message != "" {
			o.Message = r.message
		}
		if r.url != "" {
			o.URL = r.url
		}
		switch {
		case r.Verb == "start" && r.state == failed:
			o.State = bot.StageFailed
		case r.state != ended:
		case r.Verb == "finish":
			o.State, o.Weight, o.Message = bot.StageFinished, 100, ""
		case r.Verb == "abort":
			o.State, o.Weight = bot.StageAborted, 0
		default:
			o.State, o.Weight, o.Message = bot.StagePlaced, r.Weight, ""
		}
	}
	return o
}

// What to do next.
type step int

const (
	nothing   step = iota // it is done already
	begin                 // a run
	stopFirst             // the last run, then begin one
	wait                  // for the last run's end, or tell of it
)

// decide says what a verb asks for, after the runs that there were: bot.Permanent
// when it is excluded for good, bot.RetryAfter when another verb still runs.
func (d deployment) decide(o bot.StageOrder, verb string) (what step, last run, err error) {
	switch {
	case len(d.runs) == 0 && verb == "abort":
		return nothing, last, nil // what was never started is aborted already
	case len(d.runs) == 0:
		return nothing, last, permanent("%s %s: it was never started", verb, o.Key)
	}
	last = d.runs[len(d.runs)-1]
	same := last.Verb == verb && (verb != "weight" || last.Weight == o.Weight)
	switch {
	case same && (last.state == running || last.state == failed && !last.told):
		return wait, last, nil // as long as nobody has been told of a failure, it is this call's
	case last.state == running && verb == "abort":
		return stopFirst, last, nil
	case last.state == running:
		return nothing, last, bot.RetryAfter{After: 5 * time.Second, Err: fmt.Errorf("%s %s: its %s still runs", verb, o.Key, last.Verb)}
	}
	if done, err := d.allows(o, verb); done || err != nil {
		return nothing, last, err
	}
	return begin, last, nil
}

// allows reports whether a verb is done already, or excluded for good.
func (d deployment) allows(o bot.StageOrder, verb string) (done bool, err error) {
	now := d.observation()
	sure := d.runs[len(d.runs)-1].state == ended
	switch {
	case verb == "finish" && now.State == bot.StageFinished, verb == "abort" && now.State == bot.StageAborted:
		return true, nil
	case verb == "weight" && now.State == bot.StagePlaced && now.Weight == o.Weight && sure:
		return true, nil
	case verb == "abort" && now.State != bot.StageFinished, now.State == bot.StagePlaced:
		return false, nil
	}
	return false, permanent("%s %s: it is %s", verb, o.Key, now.State)
}
