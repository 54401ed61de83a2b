package handlers

import (
	"slices"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// byCommand is a belt whose file does not start production with a merge yet.
func byCommand() *street {
	x := newBelt()
	x.alter(func(p *deploy.Pipeline) { p.Stages[0].Start = "command" })
	return x
}

// brings has the file start production with a merge from now on.
func (x *street) brings(t testing.TB) {
	x.alter(func(p *deploy.Pipeline) { p.Stages[0].Start = "merge" })
	x.wrongFile(t)
}

// looks is whether a start is still to be asked for.
func (x *street) looks() bool {
	return slices.ContainsFunc(x.timers, func(t bot.Timer) bool { _, ok := t.Event.(bot.StartDue); return ok })
}

// The file that starts a stage with a merge had a mistake when the merge came,
// and its last good version knows nothing of the stage: mended, it starts, and
// once. Of several merges the last one does.
func TestAMergeWaitsForAFileThatComesToStartIt(t *testing.T) {
	for mended, want := range map[time.Duration]int{5 * time.Minute: 1, 3 * time.Hour: 1, 5 * time.Hour: 0} {
		x := byCommand()
		x.wrongFile(t, "3:1: stagse: unknown key")
		x.merges(t, merged(1, x.now))
		x.merges(t, merged(2, x.now.Add(time.Minute)))
		x.pass(t, mended)
		x.brings(t)
		x.pass(t, time.Hour)
		slot, _ := x.slot(t)
		if slot.Count != want {
			t.Errorf("mended after %s: %d rollouts", mended, slot.Count)
		}
		if want == 1 && x.rests(t) != teaSHA(102) {
			t.Errorf("mended after %s: %s runs", mended, x.rests(t))
		}
		if x.looks() {
			t.Errorf("mended after %s: it goes on to look", mended)
		}
	}
}

// A merge brings the file by which it starts: whichever of the two is heard
// first, it starts, and once.
func TestTheMergeThatBringsItsStartIsStarted(t *testing.T) {
	for name, heard := range map[string][]func(x *street){
		"the merge first": {func(x *street) { x.merges(t, merged(1, x.now)) }, func(x *street) { x.brings(t) }},
		"the push first":  {func(x *street) { x.brings(t) }, func(x *street) { x.merges(t, merged(1, x.now)) }},
	} {
		x := byCommand()
		for _, hear := range heard {
			hear(x)
			x.pass(t, 5*time.Second)
		}
		x.pass(t, time.Hour)
		if slot, _ := x.slot(t); slot.Count != 1 || x.looks() {
			t.Errorf("%s: %d rollouts, or it goes on to look", name, slot.Count)
		}
	}
}

// Later than that a file starts nothing with a merge that was before it, and
// never what was too late for its stage.
func TestAMergeOfBeforeIsNotStarted(t *testing.T) {
	x := byCommand()
	x.merges(t, merged(1, x.now))
	x.pass(t, time.Minute)
	x.brings(t)
	x.pass(t, time.Hour)
	if slot, _ := x.slot(t); slot.Count != 0 {
		t.Errorf("a minute later: %d rollouts", slot.Count)
	}
	x = byCommand()
	x.alter(func(p *deploy.Pipeline) { p.Stages[0].Timeouts.Rollout = time.Hour })
	x.wrongFile(t, "3:1: stagse: unknown key")
	x.merges(t, merged(1, x.now))
	x.pass(t, 2*time.Hour)
	x.brings(t)
	x.pass(t, time.Hour)
	if slot, _ := x.slot(t); slot.Count != 0 {
		t.Errorf("too late: %d rollouts", slot.Count)
	}
}

// What is seen to by itself is not begun a second time.
func TestAStartThatIsSeenToIsLeftApart(t *testing.T) {
	s, _ := newBelt().handlers().Read(nil)
	all := bot.StartDue{Ref: bot.ChangeRef{Repo: tea, Number: 1}, Since: teaTime}
	starts := startsWithMerge(s, all, teaTime)
	if len(starts) != 1 {
		t.Fatalf("the file asks for %v", starts)
	}
	var plan bot.Plan
	all.Apart = []string{starts[0].Key()}
	lookForStarts(s, all, true, teaTime.Add(time.Minute), &plan)
	if len(plan.Timers) != 1 || !slices.Equal(plan.Timers[0].Event.(bot.StartDue).Apart, all.Apart) {
		t.Errorf("it wakes %v", plan.Timers)
	}
}
