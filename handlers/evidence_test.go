package handlers

import (
	"slices"
	"strings"
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

// TestNothingCanBeRun: GitHub refuses; then the first failure counts, and people
// read why.
func TestNothingCanBeRun(t *testing.T) {
	x, _ := suspected(t)
	refused := bot.RerunSettled{Repo: tea, Branch: "main", Check: "unit", SHA: teaSHA(1), Outcome: bot.Failed}
	if again := effects[bot.RunAgain](x.tell(refused)); len(again) != 1 || again[0].SHA != teaSHA(2) {
		t.Errorf("there run %+v", again)
	}
	refused.SHA, refused.Detail = teaSHA(2), "run unit again on 0000000 of "+string(tea.Name)+": GitHub runs what needs it again as well: deploy"
	plan := x.tell(refused)
	told := effects[bot.KeepMessage](plan)
	if x.health() != policies.Red || !judged(plan) || len(effects[bot.RunAgain](plan)) > 0 || len(told) != 1 {
		t.Fatalf("it is %s, and %d messages are told", x.health(), len(told))
	}
	if said := told[0].Blocks[0].Text; !strings.Contains(said, "unit cannot be run again (GitHub runs what needs it again as well: deploy), so its first failure counts") {
		t.Error(said)
	}
	done := refused
	done.Outcome = bot.Done
	if plan := x.tell(done); len(plan.Docs) > 0 {
		t.Errorf("that it was asked for changes %v", plan.Docs)
	}
}

// TestARunNeverReports: somebody looks when it should have come.
func TestARunNeverReports(t *testing.T) {
	x, _ := suspected(t)
	x.now = x.now.Add(20 * time.Minute)
	told := effects[bot.KeepMessage](x.tell(bot.BuildDue{Repo: tea, Branch: "main"}))
	if x.health() != policies.Red || len(told) != 1 || !strings.Contains(told[0].Blocks[0].Text, "unit was asked to run again and never reported") {
		t.Errorf("it is %s: %+v", x.health(), told)
	}
}

// TestARepairIsNoFlake: what failed passes on a later commit.
func TestARepairIsNoFlake(t *testing.T) {
	x, _ := suspected(t)
	x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(2), After: teaSHA(3)})
	if plan := x.ran("unit", 3, bot.Success); x.health() != policies.Green || slices.Contains(factKinds(plan), "main.flaked") {
		t.Errorf("it is %s: %v", x.health(), factKinds(plan))
	}
}

// TestCertainIsAParent: GitHub is asked what came with a push that tells of several
// commits, or of none; only of a commit whose parent passed somebody is certain.
func TestCertainIsAParent(t *testing.T) {
	for name, c := range map[string]struct {
		ahead []bot.Commit
		want  trunk.Confidence
	}{
		"a merge of what was green": {[]bot.Commit{{SHA: teaSHA(70), Parent: teaSHA(60)}, {SHA: teaSHA(2), Parent: teaSHA(1)}}, trunk.Certain},
		"another came before it":    {[]bot.Commit{{SHA: teaSHA(70), Parent: teaSHA(1)}, {SHA: teaSHA(2), Parent: teaSHA(70)}}, trunk.Likely},
		"nobody knows":              {nil, trunk.Likely},
	} {
		x, _ := suspected(t)
		x.compared = c.ahead
		at := x.now
		for commit, end := range map[int]string{1: bot.Success, 2: bot.Failure} {
			x.tell(bot.CheckReported{Repo: tea, Branch: "main", Run: bot.CheckRun{
				ID: 900 + int64(commit), App: 1, Name: "unit", SHA: teaSHA(commit), Status: bot.Completed, Conclusion: end,
				Started: at.Add(time.Duration(commit) * time.Minute), Completed: at.Add(5 * time.Minute),
			}})
		}
		b, err := x.handlers().build(t.Context(), tea, "main")
		if err != nil || b.Health != policies.Red || b.Causes[0].Confidence != c.want {
			t.Errorf("%s: it is %s: %+v, %v", name, b.Health, b.Causes, err)
		}
	}
}

// TestStepsOf counts first parents.
func TestStepsOf(t *testing.T) {
	chain := []bot.Commit{{SHA: "b", Parent: "a"}, {SHA: "c", Parent: "b"}, {SHA: "m", Parent: "c"}}
	for _, c := range []struct {
		from, to bot.SHA
		want     int
	}{{"c", "m", 1}, {"a", "m", 3}, {"x", "m", 3}, {"m", "m", 0}} {
		if got := steps(chain, c.from, c.to); got != c.want {
			t.Errorf("%s to %s: %d", c.from, c.to, got)
		}
	}
}
