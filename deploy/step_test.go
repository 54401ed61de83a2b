package deploy

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func TestAllAtOnceIsLive(t *testing.T) {
	x := started(t, allAtOnce(), watched(), older).want(Starting)
	x.placed().want(Watching).due(DueStep).want(Finishing)
	x.asked("stage.finish")
	x.settle("finish", bot.Done).want(Succeeded)
	if m := x.asked("deployment").(bot.MirrorRollout); m.State != "success" || x.r.Weight() != 100 {
		t.Errorf("it is shown as %+v", m)
	}
}

// A step without a time is over at once, and its timer says so.
func TestNoTimeAtAWeight(t *testing.T) {
	x := started(t, allAtOnce(), Watch{}, older).placed()
	for _, timer := range x.last.Timers {
		if e := timer.Event.(bot.RolloutDue); e.What == DueStep && timer.At.Equal(x.now) && e.Step == x.r.Turn {
			return
		}
	}
	t.Errorf("nothing ends the step: %+v", x.last.Timers)
}

func TestHealthyCanaryRestsAndIsTakenOver(t *testing.T) {
	x := started(t, canary(), watched(), older).placed()
	for range 4 {
		x.look(healthy()).want(Watching) // it passes, and its time is not over
	}
	if !x.r.Verdict().Passes() {
		t.Fatalf("four healthy windows do not pass: %+v", x.r.Verdict())
	}
	x.after(time.Minute).due(DueStep).want(Starting)
	if o := x.asked("stage.weight").(bot.SetWeight).Order; o.Weight != 25 || o.StableSHA != older {
		t.Errorf("the next weight is asked for with %+v", o)
	}
	x.placed().want(Watching).look(healthy()).want(Watching).after(9 * time.Minute).due(DueStep).want(Resting).look(healthy()).want(Resting)
	x.tell(TakenOver{By: "@ann"}).want(Promoted)
	if x.count("stage.abort")+x.count("stage.finish") != 0 {
		t.Error("a canary that another stage took over moved traffic itself")
	}
}

func TestHarmGoesBackInEveryStateThatIsWatched(t *testing.T) {
	ask := stage(WeightStep{Weight: 5, For: time.Minute, Ask: true})
	for name, x := range map[string]*run{
		"watching":           started(t, canary(), watched(), older).placed().want(Watching),
		"waiting":            started(t, ask, watched(), older).placed().look(healthy()).look(healthy()).look(healthy()).want(Waiting),
		"resting":            started(t, stage(WeightStep{Weight: 5}), watched(), older).placed().look(healthy()).look(healthy()).look(healthy()).want(Resting),
		"on its way to more": started(t, canary(), watched(), older).placed().look(healthy()).look(healthy()).look(healthy()).after(2 * time.Minute).due(DueStep).want(Starting),
	} {
		t.Run(name, func(t *testing.T) {
			x.t = t
			if !slices.ContainsFunc(x.last.Timers, func(t bot.Timer) bool { return t.Event.(bot.RolloutDue).What == DueWindow }) {
				t.Error("nobody will look again")
			}
			x.look(harmful()).want(Returning).wantWhy("errors are")
			if !x.r.Blamed || x.count("stage.abort") != 1 {
				t.Errorf("blamed is %t, with %d aborts", x.r.Blamed, x.count("stage.abort"))
			}
			x.settle("abort", bot.Done).want(RolledBack).wantWhy("errors are")
		})
	}
}

func TestNoDataHoldsThenAsks(t *testing.T) {
	x := started(t, canary(), watched(), older).placed()
	for range 44 {
		x.after(time.Minute).tell(Looked{Err: "the source does not answer"}).want(Watching)
	}
	if x.r.Watch.Trouble == "" || x.r.Verdict().Passes() || x.r.Verdict().Fails() {
		t.Errorf("silence is taken for an answer: %+v", x.r.Verdict())
	}
	x.due(DueStep).want(Watching)
	x.after(time.Minute).tell(Looked{Err: "the source does not answer"}).want(Waiting).wantWhy("not enough evidence")
	x.look(healthy()).look(healthy()).want(Waiting)
	x.look(healthy()).want(Starting) // evidence came after all
	if x.r.Step != 1 || x.r.Why != "" {
		t.Errorf("it is at step %d: %s", x.r.Step, x.r.Why)
	}
}

// The time at a weight is over before there is evidence: each later look asks
// again whether there is.
func TestEvidenceAfterTheTime(t *testing.T) {
	s := stage(WeightStep{Weight: 5, For: time.Minute}, WeightStep{Weight: 25, For: time.Minute})
	x := started(t, s, watched(), older).placed().look(healthy()).due(DueStep).want(Watching)
	x.look(healthy()).want(Watching).look(healthy()).want(Starting)
}

// What was seen at a smaller weight shows nothing of a source that is silent
// since.
func TestOldEvidenceIsNotEnough(t *testing.T) {
	x := started(t, canary(), watched(), older).placed()
	for range 4 {
		x.look(healthy())
	}
	x.look(healthy()).want(Starting).placed().want(Watching)
	for range 44 {
		x.after(time.Minute).tell(Looked{Err: "the source does not answer"}).want(Watching)
	}
	x.after(time.Minute).tell(Looked{Windows: map[string][]bot.Window{"errors": {{Missing: "no such series"}}}}).want(Waiting).wantWhy("not enough evidence")
	x.look(healthy()).want(Resting)
}

func TestStepsThatAsk(t *testing.T) {
	s := stage(WeightStep{Weight: 5, For: time.Minute, Ask: true}, WeightStep{Weight: 100, For: time.Minute})
	x := started(t, s, watched(), older).tell(Promote{By: ann}).want(Starting) // not yet
	x.placed().look(healthy()).look(healthy()).look(healthy()).want(Waiting).wantWhy("asks for a person")
	x.look(healthy()).want(Waiting).due(DueStep).want(Waiting)
	x.tell(Promote{By: ann}).want(Starting).placed().want(Watching).tell(Promote{By: ann}).want(Watching)
	x.after(time.Minute).due(DueStep).want(Finishing)
	if by := x.facts[len(x.facts)-2].By; x.count("stage.weight") != 1 {
		t.Errorf("promoted by %q with %d moves", by, x.count("stage.weight"))
	}
}

func TestNothingToCompareWith(t *testing.T) {
	for name, x := range map[string]*run{
		"nothing is known to have run": started(t, canary(), watched(), ""),
		"no metric watches it":         started(t, canary(), Watch{}, older),
	} {
		t.Run(name, func(t *testing.T) {
			x.t = t
			x.placed().want(Watching).look(healthy()).want(Watching)
			x.after(5 * time.Minute).due(DueStep).want(Waiting).wantWhy(name)
			x.look(healthy()).want(Waiting)
			x.tell(Promote{By: ann}).want(Starting).placed().due(DueStep).want(Waiting)
			x.tell(Promote{By: ann}).want(Resting)
		})
	}
}

// on_fail: pause leaves it to a person what a failure means; nothing goes on
// by itself after that.
func TestPauseOnFail(t *testing.T) {
	s := canary()
	s.OnFail = "pause"
	x := started(t, s, watched(), older).placed().look(harmful()).want(Waiting).wantWhy("errors are")
	turn := x.r.Turn
	x.look(harmful()).look(healthy()).want(Waiting)
	if x.r.Turn != turn {
		t.Error("it is held anew at each look")
	}
	x.tell(Promote{By: ann}).want(Starting).placed().look(harmful()).want(Watching)
	x.after(10 * time.Minute).due(DueStep).want(Waiting)
	x.tell(Promote{By: ann}).want(Resting).look(harmful()).want(Resting)
	x.tell(Abort{By: ann}).want(Returning).settle("abort", bot.Done).want(Aborted)
	if x.r.Blamed {
		t.Error("production is said to have stopped what a person stopped")
	}
}

func TestWhatIsSeenInstead(t *testing.T) {
	for _, c := range []struct {
		name string
		o    bot.Observation
		want State
		why  string
	}{
		{"another commit", bot.Observation{State: bot.StagePlaced, SHA: older, Weight: 5}, Returning, "aaaaaaa runs instead of bbbbbbb"},
		{"no commit", bot.Observation{State: bot.StagePlaced, Weight: 5}, Returning, "something unknown runs"},
		{"another weight", bot.Observation{State: bot.StagePlaced, SHA: newer, Weight: 3}, Starting, ""},
		{"not yet", bot.Observation{State: bot.StageRunning}, Starting, ""},
		{"a failure", bot.Observation{State: bot.StageFailed, Message: "no pods"}, Returning, "no pods"},
		{"somebody else's abort", bot.Observation{State: bot.StageAborted}, Returning, "somebody aborted it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := started(t, canary(), watched(), older).settle("start", bot.Done)
			x.seen(c.o).want(c.want).wantWhy(c.why)
			if c.want == Starting && (len(x.last.Timers) != 1 || !x.last.Timers[0].At.After(x.now)) {
				t.Errorf("it is not asked again: %+v", x.last.Timers)
			}
		})
	}
	x := started(t, canary(), watched(), older).settle("start", bot.Done).tell(Observed{Err: "no answer"}).want(Starting)
	if len(x.last.Timers) != 1 {
		t.Error("an executor that does not answer is not asked again")
	}
}

// TestAnExecutorThatStaysSilent: an answer ends the silence, whatever it says;
// timeouts.unknown bounds one that goes on.
func TestAnExecutorThatStaysSilent(t *testing.T) {
	silent, running := Observed{Err: "no answer"}, bot.Observation{State: bot.StageRunning}
	x := started(t, canary(), watched(), older).settle("start", bot.Done).tell(silent)
	x.after(14 * time.Minute).tell(silent).want(Starting)
	x.after(time.Second).seen(running).want(Starting)
	x.after(2 * time.Minute).tell(silent).want(Starting)
	x.r.Stage.Timeouts.Step = time.Hour // else that would be over first
	x.after(15*time.Minute - time.Second).tell(silent).want(Starting)
	if len(x.last.Timers) != 1 {
		t.Errorf("it is not asked again: %+v", x.last.Timers)
	}
	x.after(time.Second).tell(silent).want(Returning).wantWhy("the executor has not said for 15 min what it did")
}

// TestEachWeightHasItsOwnSilence: what was silent at one weight and answered
// does not count at the next.
func TestEachWeightHasItsOwnSilence(t *testing.T) {
	x := started(t, canary(), Watch{}, older).settle("start", bot.Done).tell(Observed{Err: "no answer"}).placed()
	x.due(DueStep).tell(Promote{By: ann}).want(Starting).settle("weight", bot.Done)
	x.after(15 * time.Minute).tell(Observed{Err: "no answer"}).want(Starting)
}

func TestHowThingsAskedForEnd(t *testing.T) {
	finishing := func() *run { return started(t, allAtOnce(), Watch{}, older).placed().due(DueStep).want(Finishing) }
	second := func() *run {
		return started(t, canary(), Watch{}, older).placed().due(DueStep).tell(Promote{By: ann}).want(Starting)
	}
	for _, c := range []struct {
		name    string
		x       *run
		verb    string
		outcome bot.Outcome
		want    State
	}{
		{"start refused", started(t, canary(), watched(), older), "start", bot.Failed, Failed},
		{"start held", started(t, canary(), watched(), older), "start", bot.HeldBack, Failed},
		{"start in doubt", started(t, canary(), watched(), older), "start", bot.InDoubt, Returning},
		{"weight refused", second(), "weight", bot.Failed, Returning},
		{"weight in doubt", second(), "weight", bot.InDoubt, Returning},
		{"a start's failure, late", second(), "start", bot.Failed, Starting},
		{"finish refused", finishing(), "finish", bot.Failed, Returning},
		{"finish in doubt", finishing(), "finish", bot.InDoubt, Returning},
		{"a weight's failure, late", finishing(), "weight", bot.Failed, Finishing},
		{"abort refused", second().tell(Abort{By: ann}), "abort", bot.Failed, RollbackFailed},
		{"abort in doubt", second().tell(Abort{By: ann}), "abort", bot.InDoubt, RollbackFailed},
		{"abort held", second().tell(Abort{By: ann}), "abort", bot.HeldBack, RollbackFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.x.t = t
			c.x.settle(c.verb, c.outcome).want(c.want)
		})
	}
}

func TestTimeLimits(t *testing.T) {
	for _, c := range []struct {
		name, due string
		x         *run
		want      State
		why       string
	}{
		{"never in place", DueStuck, started(t, canary(), watched(), older), Returning, "did not put it in place within 20 min"},
		{"never finished", DueStuck, started(t, allAtOnce(), Watch{}, older).placed().due(DueStep), Returning, "the rest of the traffic within 20 min"},
		{"never back", DueStuck, started(t, canary(), watched(), older).tell(Abort{By: ann, Reason: "too red"}), RollbackFailed, "too red; and the traffic did not go back: the executor did not answer within 20 min"},
		{"nobody promotes", DueDeadline, started(t, stage(WeightStep{Weight: 5}), Watch{}, older).placed().due(DueStep).tell(Promote{By: ann}).want(Resting), Returning, "nobody promoted it"},
		{"too long", DueDeadline, started(t, canary(), watched(), older).placed(), Returning, "longer than 4 h"},
		{"placed in time", DueStuck, started(t, canary(), watched(), older).placed(), Watching, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.x.t = t
			if c.want != Watching && !slices.ContainsFunc(c.x.timers, func(timer bot.Timer) bool {
				e := timer.Event.(bot.RolloutDue)
				return e.What == c.due && (e.Step == c.x.r.Turn || c.due == DueDeadline) && timer.At.After(c.x.now)
			}) {
				t.Fatalf("no timer rings when it is %s", c.due)
			}
			c.x.due(c.due).want(c.want).wantWhy(c.why)
		})
	}
}

// A rollback has nothing better to go back to.
func TestRollbackIsNeverUndoneByItself(t *testing.T) {
	rollback := func() *run {
		slot := slotWith(older)
		_, r, plan := Begin(slot, Asking{Release: release(newer), Stage: allAtOnce(), Kind: KindRollback, By: ann, Asked: true}, begin)
		x := &run{t: t, now: begin}
		x.take(r, plan)
		return x
	}
	for name, tell := range map[string]func(*run){
		"start refused": func(x *run) { x.settle("start", bot.Failed) },
		"wrong commit": func(x *run) {
			x.settle("start", bot.Done).seen(bot.Observation{State: bot.StagePlaced, SHA: older, Weight: 100})
		},
		"stuck":          func(x *run) { x.due(DueStuck) },
		"finish refused": func(x *run) { x.placed().due(DueStep).settle("finish", bot.Failed) },
	} {
		t.Run(name, func(t *testing.T) {
			x := rollback()
			tell(x)
			if x.want(RollbackFailed); x.count("stage.abort") != 0 {
				t.Error("the traffic was brought back to what a person took back")
			}
		})
	}
	rollback().tell(Abort{By: ann}).want(Returning).settle("abort", bot.Done).want(Aborted)
}

func TestMirrorIsWrittenOnChange(t *testing.T) {
	x := started(t, canary(), watched(), older).settle("start", bot.Done).settle("start", bot.Done)
	x.seen(bot.Observation{State: bot.StagePlaced, SHA: newer, Weight: 5})
	var states []string
	for _, e := range x.effects {
		if m, ok := e.(bot.MirrorRollout); ok {
			states = append(states, m.State+" "+m.Description)
		}
	}
	if got := strings.Join(states, ", "); got != "queued waiting for its turn, in_progress 5 % of the traffic" {
		t.Error(got)
	}
}

// GitHub's words: a failure is a deploy that did not come about, an error that
// nobody knows what runs.
func TestHowAnEndIsMirrored(t *testing.T) {
	for name, c := range map[string]struct {
		x    *run
		want string
	}{
		"a refused start":   {started(t, canary(), watched(), older).settle("start", bot.Failed).want(Failed), "failure"},
		"a failed way back": {started(t, canary(), watched(), older).placed().tell(Abort{By: ann}).settle("abort", bot.Failed).want(RollbackFailed), "error"},
		"a way back":        {started(t, canary(), watched(), older).placed().tell(Abort{By: ann}).settle("abort", bot.Done).want(Aborted), "inactive"},
	} {
		if m := c.x.asked("deployment").(bot.MirrorRollout); m.State != c.want {
			t.Errorf("%s is shown as %s, want %s", name, m.State, c.want)
		}
	}
}

// A clock that was set back comes to the same moments again, and what is asked
// for then has not rung before.
func TestTimersOfTheSameMomentHaveNamesOfTheirOwn(t *testing.T) {
	x := started(t, canary(), watched(), older).placed()
	ids := map[string]bool{}
	for range 2 {
		_, p := Step(x.r, Looked{Err: "no answer"}, x.now)
		if x.r.SetVersion(x.r.V + 1); len(p.Timers) != 1 || ids[p.Timers[0].ID] {
			t.Fatalf("it asks to hear of %v", p.Timers)
		}
		ids[p.Timers[0].ID] = true
	}
}
