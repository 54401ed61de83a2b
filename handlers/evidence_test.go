package handlers

import (
	"slices"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// suspected is a branch whose second commit failed, where one repeat is enough.
func suspected(t *testing.T) (*branch, bot.Plan) {
	x := newBranch(t)
	e := trunk.Defaults()
	e.Repeats = 1
	x.evidence = &e
	x.ran("build", 1, bot.Success)
	x.ran("unit", 1, bot.Success)
	x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(1), After: teaSHA(2)})
	return x, x.ran("unit", 2, bot.Failure)
}

func effects[T bot.Effect](p bot.Plan) (list []T) {
	for _, e := range p.Effects {
		if e, ok := e.(T); ok {
			list = append(list, e)
		}
	}
	return list
}

// TestASuspicion holds merges and has the commit before run; nobody is told of a
// red branch.
func TestASuspicion(t *testing.T) {
	x, plan := suspected(t)
	again := effects[bot.RunAgain](plan)
	if x.health() != policies.Suspect || len(again) != 1 || again[0].SHA != teaSHA(1) || again[0].Check != "unit" || !judged(plan) {
		t.Errorf("it is %s, and there run %+v", x.health(), again)
	}
	if kinds := factKinds(plan); slices.Contains(kinds, "main.broke") || len(effects[bot.KeepMessage](plan)) > 0 {
		t.Errorf("%v", kinds)
	}
	due := slices.IndexFunc(plan.Timers, func(t bot.Timer) bool { _, ok := t.Event.(bot.BuildDue); return ok })
	if due < 0 {
		t.Fatal("nobody looks again")
	}
	x.now = plan.Timers[due].At
	if again := effects[bot.RunAgain](x.tell(plan.Timers[due].Event)); len(again) != 1 || again[0].SHA != teaSHA(2) {
		t.Errorf("half a minute later there run %+v", again)
	}
	if plan := x.ran("unit", 2, bot.Success); x.health() != policies.Green || !slices.Contains(factKinds(plan), "main.flaked") {
		t.Errorf("it passed, and main is %s: %v", x.health(), factKinds(plan))
	}
}

// TestNothingCanBeRun: GitHub refuses; the branch is judged by what there is.
func TestNothingCanBeRun(t *testing.T) {
	x, _ := suspected(t)
	refused := bot.RerunSettled{Repo: tea, Branch: "main", Check: "unit", SHA: teaSHA(1), Outcome: bot.Failed}
	if again := effects[bot.RunAgain](x.tell(refused)); len(again) != 1 || again[0].SHA != teaSHA(2) {
		t.Errorf("there run %+v", again)
	}
	refused.SHA = teaSHA(2)
	if again := effects[bot.RunAgain](x.tell(refused)); len(again) > 0 {
		t.Errorf("there run %+v", again)
	}
	x.now = x.now.Add(11 * time.Minute)
	if plan := x.tell(bot.BuildDue{Repo: tea, Branch: "main"}); x.health() != policies.Undecided || !judged(plan) {
		t.Errorf("nothing came of it, and main is %s", x.health())
	}
	done := refused
	done.Outcome = bot.Done
	if plan := x.tell(done); len(plan.Docs) > 0 {
		t.Errorf("that it was asked for changes %v", plan.Docs)
	}
}
