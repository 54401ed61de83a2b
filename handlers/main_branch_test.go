package handlers

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// branch is a desk whose main is watched, with a change that waits.
type branch struct {
	*desk
	t        *testing.T
	now      time.Time
	evidence *trunk.Settings // that is asked for
}

func newBranch(t *testing.T) *branch {
	k := newDesk()
	k.required, k.head = []string{"build", "unit", "roundtrip / main"}, teaSHA(1)
	k.open = []bot.Change{openChange(5, teaSHA(50))}
	x := &branch{desk: k, t: t, now: teaTime}
	x.tell(bot.ChangeUpdated{Action: "opened", Change: k.open[0]})
	x.tell(bot.Pushed{Repo: tea, Branch: "main", Default: true, After: teaSHA(1)})
	return x
}

func (x *branch) handlers() *Handlers {
	h := x.desk.handlers()
	h.Read = func([]byte) (Settings, []bot.Mistake) {
		s := teaSettings()
		s.Policies = policies.Defaults()
		s.Policies.Green.Mode, s.Notify.Channel = policies.Block, "#tea"
		s.Policies.Green.Evidence = x.evidence
		return s, nil
	}
	return h
}

func (x *branch) tell(e bot.Event) (all bot.Plan) {
	x.t.Helper()
	x.now = x.now.Add(time.Minute)
	for _, h := range x.handlers().All() {
		plan, _, err := h.Handle(x.t.Context(), bot.Delivery[bot.Event]{ID: x.now.String(), At: x.now, Event: e})
		if err != nil {
			x.t.Fatalf("%s: %v", h.Name, err)
		}
		all.Join(plan)
	}
	return x.keep(x.t, all)
}

func (x *branch) ran(check string, commit int, conclusion string) bot.Plan {
	x.t.Helper()
	run := bot.CheckRun{ID: x.now.Unix(), App: 1, Name: check, SHA: teaSHA(commit), Status: bot.Completed, Conclusion: conclusion, Started: x.now, Completed: x.now.Add(time.Second)}
	if conclusion == "" {
		run.Status, run.Completed = bot.InProgress, time.Time{}
	}
	return x.tell(bot.CheckReported{Repo: tea, Branch: "main", Run: run})
}

func (x *branch) health() policies.Health {
	x.t.Helper()
	b, err := x.handlers().build(x.t.Context(), tea, "main")
	if err != nil {
		x.t.Fatal(err)
	}
	return b.Health
}

func factKinds(plan bot.Plan) (kinds []string) {
	for _, f := range plan.Facts {
		kinds = append(kinds, f.Kind)
	}
	return kinds
}

func judged(plan bot.Plan) bool {
	return slices.ContainsFunc(plan.Timers, func(t bot.Timer) bool { _, ok := t.Event.(bot.JudgeAllDue); return ok })
}

// numbersOf the changes that are to be judged again.
func numbersOf(plan bot.Plan) (numbers []int) {
	for _, t := range plan.Timers {
		if due, ok := t.Event.(bot.JudgeDue); ok {
			numbers = append(numbers, due.Ref.Number)
		}
	}
	return numbers
}

func isBuild(d bot.Doc) bool { _, ok := d.(policies.Build); return ok }

// While GitHub lists no pull requests, a main that broke holds those we know.
func TestThoseWeKnowDoNotWaitForGitHubsList(t *testing.T) {
	x := newBranch(t)
	x.open, x.openErr = nil, errors.New("502")
	subjects := map[string]bool{}
	for _, timer := range x.ran("unit", 1, bot.Failure).Timers {
		all, ok := timer.Event.(bot.JudgeAllDue)
		if !ok {
			continue
		}
		subjects[all.Subject()] = true
		plan, err := x.handlers().judgeAllDue(t.Context(), bot.Delivery[bot.JudgeAllDue]{At: x.now, Event: all})
		if all.Strangers != errors.Is(err, x.openErr) || !all.Strangers && !slices.Equal(numbersOf(plan), []int{5}) {
			t.Errorf("strangers: %t; of change 5 is judged %v: %v", all.Strangers, numbersOf(plan), err)
		}
	}
	if len(subjects) != 2 {
		t.Errorf("they wait for one another: %v", subjects)
	}
}

// A check that says nothing is known of main says so no longer than that is so.
func TestTheFirstProofOfMainIsPassedOn(t *testing.T) {
	x := newBranch(t)
	x.ran("build", 1, bot.Success)
	plan := x.ran("unit", 1, bot.Success)
	i := slices.IndexFunc(plan.Timers, func(t bot.Timer) bool { _, ok := t.Event.(bot.JudgeAllDue); return ok })
	if i < 0 || len(plan.Timers) != 1 {
		t.Fatalf("main is %s, and what is to be done then is %v", x.health(), plan.Timers)
	}
	if got := numbersOf(x.tell(plan.Timers[i].Event)); !slices.Equal(got, []int{5}) {
		t.Errorf("of change 5 is judged again %v", got)
	}
	if plan := x.ran("unit", 1, bot.Success); judged(plan) {
		t.Error("main stays green, and all are judged again")
	}
}

func TestMainBreaksAndHeals(t *testing.T) {
	x := newBranch(t)
	if plan := x.ran("build", 1, bot.Success); x.health() != policies.Unknown || judged(plan) {
		t.Errorf("one check of two passed, and main is %s", x.health())
	}
	x.ran("unit", 1, bot.Success)
	if x.health() != policies.Green {
		t.Fatalf("all passed, and main is %s", x.health())
	}
	if plan := x.ran("lint", 1, bot.Failure); x.health() != policies.Green || slices.ContainsFunc(plan.Docs, isBuild) {
		t.Error("a check that nobody requires broke main")
	}
	x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(1), After: teaSHA(2)})
	plan := x.ran("unit", 2, bot.Failure)
	if x.health() != policies.Red || !slices.Contains(factKinds(plan), "main.broke") || !judged(plan) {
		t.Fatalf("it broke: %s, %v", x.health(), factKinds(plan))
	}
	x.open = append(x.open, openChange(7, teaSHA(70))) // from before we were installed
	for _, timer := range plan.Timers {
		if all, ok := timer.Event.(bot.JudgeAllDue); ok {
			want := map[bool][]int{false: {5}, true: {7}}[all.Strangers]
			if got := numbersOf(x.tell(all)); !slices.Equal(got, want) {
				t.Errorf("strangers: %t; of the changes 5 and 7 are judged %v", all.Strangers, got)
			}
		}
	}
	waits := x.tell(bot.JudgeDue{Ref: bot.ChangeRef{Repo: tea, Number: 5}})
	if len(waits.Effects) != 1 || waits.Effects[0].(bot.SetCheck).Status != bot.InProgress {
		t.Errorf("the open change is shown %+v", waits.Effects)
	}
	for _, c := range []string{"", bot.Cancelled, bot.Skipped} {
		if plan := x.ran("unit", 2, c); x.health() != policies.Red || judged(plan) {
			t.Errorf("a rerun that ended %q: %s", c, x.health())
		}
	}
	plan = x.ran("unit", 2, bot.Success)
	if x.health() != policies.Green || !slices.Contains(factKinds(plan), "main.healed") || !judged(plan) {
		t.Errorf("it healed: %s, %v", x.health(), factKinds(plan))
	}
}

func TestAPushBackHealsMain(t *testing.T) {
	x := newBranch(t)
	x.ran("build", 1, bot.Success)
	x.ran("unit", 1, bot.Success)
	x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(1), After: teaSHA(2)})
	x.ran("unit", 2, bot.Failure)
	x.head = teaSHA(1)
	plan := x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(2), After: teaSHA(1), Forced: true})
	if x.health() != policies.Green || !slices.Contains(factKinds(plan), "main.healed") || !judged(plan) {
		t.Errorf("the fault is gone, and main is %s: %v", x.health(), factKinds(plan))
	}
}

func TestWhatIsNoLongerRequired(t *testing.T) {
	x := newBranch(t)
	x.ran("build", 1, bot.Success)
	x.ran("unit", 1, bot.Failure)
	x.required = []string{"build"}
	x.now = x.now.Add(requiredFor)
	if plan := x.ran("lint", 1, bot.Success); x.health() != policies.Green || !judged(plan) {
		t.Errorf("what failed is required no more, and main is %s", x.health())
	}
}

// A rerun on a change hides none of its failures: it would pass for a repair.
func TestRerunsOnAChange(t *testing.T) {
	x := newBranch(t)
	x.ran("build", 1, bot.Success)
	x.ran("unit", 1, bot.Failure)
	on := func(check, conclusion string) bot.Plan {
		x.t.Helper()
		x.now = x.now.Add(time.Minute)
		run := bot.CheckRun{ID: x.now.Unix(), App: 1, Name: check, SHA: teaSHA(50), Status: bot.Completed, Conclusion: conclusion, Started: x.now, Completed: x.now}
		if conclusion == "" {
			run.Status = bot.InProgress
		}
		return x.tell(bot.CheckReported{Repo: tea, Changes: []int{5}, Run: run})
	}
	on("build", bot.Failure)
	on("build", "")
	plan := on("unit", bot.Success)
	if len(plan.Effects) != 1 || plan.Effects[0].(bot.SetCheck).Status != bot.InProgress {
		t.Errorf("a change that breaks the build repairs main: %+v", plan.Effects)
	}
	plan = on("build", bot.Success)
	if c := plan.Effects[0].(bot.SetCheck); c.Conclusion != bot.Success || !strings.Contains(c.Title, "repairs") {
		t.Errorf("the repair is shown %+v", c)
	}
}

func TestGatesOfADeploy(t *testing.T) {
	x := newBranch(t)
	x.ran("unit", 1, bot.Failure)
	passed := func(name string) bot.CheckRun {
		return bot.CheckRun{Name: name, Status: bot.Completed, Conclusion: bot.Success}
	}
	x.runs = []bot.CheckRun{passed("build"), passed("unit")}
	stage := teaSettings().Pipeline.Stages[0]
	stage.Gates = deploy.Gates{Required: true, MainOK: true}
	for name, c := range map[string]struct {
		release deploy.Release
		want    string // gates that block
	}{
		"of a red main":     {deploy.Release{Repo: tea, Base: "main", Merged: true}, "main_green"},
		"of another branch": {deploy.Release{Repo: tea, Base: "next", Merged: true}, ""},
		"not merged":        {deploy.Release{Repo: tea, Base: "next"}, "checks"},
	} {
		t.Run(name, func(t *testing.T) {
			var names []string
			var plan bot.Plan
			answers, err := x.handlers().askGates(t.Context(), beginning{settings: teaSettings(), release: c.release, stage: stage, now: x.now, plan: &plan})
			if len(plan.Seen) != 1 || plan.Seen[0].Key != policies.BuildKey(tea, c.release.Base) {
				t.Error("the plan does not rest on the build that it was decided by")
			}
			for _, a := range deploy.Blocking(answers) {
				names = append(names, a.Gate)
			}
			if got := strings.Join(names, " "); err != nil || got != c.want {
				t.Errorf("%q block, want %q: %+v, %v", got, c.want, answers, err)
			}
		})
	}
}

// A failure that is taken back leaves main without a fault; green it is only
// once all that decides has passed, and nobody is told so before.
func TestMainThatIsRedNoMoreIsNotYetGreen(t *testing.T) {
	x := newBranch(t)
	x.ran("unit", 1, bot.Failure)
	plan := x.ran("unit", 1, bot.Success)
	if x.health() != policies.Unknown || !slices.Contains(factKinds(plan), "main.healed") {
		t.Fatalf("main is %s: %v", x.health(), factKinds(plan))
	}
	for _, e := range plan.Effects {
		if m, ok := e.(bot.KeepMessage); ok && (strings.Contains(m.Text, "green again") || !strings.Contains(m.Text, "red no more")) {
			t.Errorf("the channel hears %s", m.Text)
		}
	}
	if plan := x.ran("build", 1, bot.Success); x.health() != policies.Green || slices.Contains(factKinds(plan), "main.healed") {
		t.Errorf("all passed, and main is %s", x.health())
	}
}
