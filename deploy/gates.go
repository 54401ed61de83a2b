package deploy

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Result of a gate. Unreadable means that what it needs could not be read;
// it blocks like a failure, since missing data never becomes a pass.
type Result string

// Results.
const (
	Pass       Result = "pass"
	Fail       Result = "fail"
	Pending    Result = "pending"
	Unreadable Result = "unavailable"
)

// Ask is what gates judge: may this release start in this stage now?
type Ask struct {
	Release  Release
	Named    bool // a person named its commit in full
	Onward   bool // it goes on with its canary in the same environment
	Stage    Stage
	Pipeline Pipeline
	Slot     Slot
	Now      time.Time
	// Been says, by stage, since when the same release has been there,
	// healthy; absent: never, or it went back.
	Been     map[bot.StageName]time.Time
	Checks   []bot.CheckRun // on the release's commit
	Required []string       // names that protection and rulesets require
	ReadErr  string         // why checks could not be read
	MainRed  string         // why main is red; empty when it is not
}

// Answer of a gate: what it says, who or what can mend it.
type Answer struct {
	Gate   string `json:"gate"`
	Result Result `json:"result"`
	Says   string `json:"says"`
	Advice string `json:"advice,omitempty"`
}

// Gate says whether a release may start in a stage. Every gate is asked, so
// that people see all that stands in the way at once.
type Gate struct {
	Name string
	Doc  string
	Ask  func(Ask) Answer
}

// gates, in the order in which people see them.
func gates() []Gate {
	return []Gate{
		{"honoured", "The file asks for nothing that this version cannot honour.", askHonoured},
		{"after", "The same release has been in the stages before, healthy, for as long as the file says.", askAfter},
		{"checks", "The checks that the stage names have passed on the commit.", askChecks},
		{"main_green", "Main is not red.", askMainGreen},
		{"not_bad", "Production has not rejected this commit before.", askNotBad},
		{"soaked", "What is live in the environment has been so for as long as its stage asks (`strategy.all_at_once.for`), or is the same release. Where there is nothing to go back to, a commit that a person names in full may replace it.", askSoaked},
		{"known", "We know what runs in the environment. Where we do not and there is nothing to go back to, a commit that a person names in full may follow.", askKnown},
	}
}

// AllGates is the table, for help and reference pages.
func AllGates() []Gate { return gates() }

// Judge asks every gate.
func (a Ask) Judge() []Answer {
	var answers []Answer
	for _, g := range gates() {
		answer := g.Ask(a)
		answer.Gate = g.Name
		answers = append(answers, answer)
	}
	return answers
}

// Blocking are the answers that stand in the way.
func Blocking(answers []Answer) []Answer {
	var blocking []Answer
	for _, a := range answers {
		if a.Result != Pass {
			blocking = append(blocking, a)
		}
	}
	return blocking
}

func pass(says string, args ...any) Answer {
	return Answer{Result: Pass, Says: fmt.Sprintf(says, args...)}
}

func fail(advice, says string, args ...any) Answer {
	return Answer{Result: Fail, Says: fmt.Sprintf(says, args...), Advice: advice}
}
