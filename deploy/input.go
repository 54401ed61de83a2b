package deploy

import "github.com/roundtrip-bot/roundtrip/bot"

// Input is what a rollout can be told. What makes no sense in its state
// changes nothing, so that everything may be told twice and late.
type Input interface{ input() }

// Settled tells how something that was asked of the executor ended.
type Settled struct {
	Verb    string
	Outcome bot.Outcome
	Detail  string
}

// Observed tells what the executor says now; Err that it could not be asked.
type Observed struct {
	Observation bot.Observation
	Err         string
}

// Looked tells what production did, by metric, oldest first; Err that it could
// not be asked.
type Looked struct {
	Windows map[string][]bot.Window
	Err     string
}

// Due tells that a moment has come that the rollout wanted to hear of.
type Due struct {
	What string
	Turn int
}

// Promote tells that a person lets it go on.
type Promote struct{ By bot.Person }

// TakenOver tells that the next stage holds the slot now.
type TakenOver struct{ By string }

// Abort tells that a person wants the traffic back.
type Abort struct {
	By     bot.Person
	Reason string
}

func (Settled) input()   {}
func (Observed) input()  {}
func (Looked) input()    {}
func (Due) input()       {}
func (Promote) input()   {}
func (TakenOver) input() {}
func (Abort) input()     {}

// What a rollout may be due for.
const (
	DueObserve  = "observe"
	DueWindow   = "window"
	DueStep     = "step"     // the time at a weight is over
	DueStuck    = "stuck"    // the executor took too long
	DueDeadline = "deadline" // the whole took too long
)
