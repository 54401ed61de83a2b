package policies

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// of is a run of one workflow's job.
func of(suite int64, run bot.CheckRun) bot.CheckRun {
	run.Suite, run.ID = suite, run.ID+suite
	return run
}

// TestSeveralWorkflows: jobs of one name in two workflows are two checks. What one
// says does not undo what the other said, and neither can be asked for by name.
func TestSeveralWorkflows(t *testing.T) {
	fails := []bot.CheckRun{of(1, ran("unit", 1, 0, bot.Success)), of(2, ran("unit", 2, 5, bot.Failure)), of(3, ran("unit", 2, 9, bot.Success))}
	b, _, _ := told(line(2), GreenSettings{}, fails...)
	if b.Health != Red || b.Causes[0].SHA != sha(2) {
		t.Errorf("another workflow's job passed, and it is %s", b.Health)
	}
	b, _, _ = told(line(2), asking(), fails...)
	if b.Health != Red || b.Causes[0].Barred != "several workflows have a job of that name" || len(b.Wanted(noon)) > 0 {
		t.Errorf("it is %s: %+v", b.Health, b.Causes)
	}
	b, _, healed := told(b, asking(), of(2, ran("unit", 2, 20, bot.Success)), ran("build", 2, 20, bot.Success))
	if b.Health != Green || healed != 1 {
		t.Errorf("all passed, and it is %s", b.Health)
	}
}

// TestAttemptsOfOneRun: an app that runs its check again under the same id does
// not undo that it failed before.
func TestAttemptsOfOneRun(t *testing.T) {
	again := func(minute int, conclusion string) bot.CheckRun {
		r := ran("unit", 1, minute, conclusion)
		r.ID = 7
		return r
	}
	runs := []bot.CheckRun{again(0, bot.Failure), again(5, ""), again(5, bot.Failure), again(9, ""), again(9, bot.Success)}
	b, _, _ := told(line(1), GreenSettings{}, runs...)
	slices.Reverse(runs)
	backward, _, _ := told(line(1), GreenSettings{}, runs...)
	for _, b := range []Build{b, backward} {
		h := b.history("unit", noon)
		if flakes, n := h.Flaked(); len(b.Runs["unit"]) != 3 || flakes != 2 || n != 3 || !h.Commits[0].Live.IsZero() {
			t.Errorf("%d flakes in %d: %+v", flakes, n, b.Runs["unit"])
		}
	}
}

// TestRunsAreBounded: of a commit's runs the newest are kept.
func TestRunsAreBounded(t *testing.T) {
	b := line(2)
	for i := range 3 * keepRuns {
		b, _, _ = told(b, GreenSettings{}, ran("unit", 1, i, bot.Failure), ran("unit", 2, i, bot.Success))
	}
	if n := len(b.Runs["unit"]); n != 2*keepRuns || b.Runs["unit"][0].Started.Before(noon.Add(2*keepRuns*time.Minute)) {
		t.Errorf("%d runs are kept", n)
	}
}

// TestLateOnTheLine: what leaves the line leaves its runs, also where a push is
// told late, and a commit between two ends that the later is the other's child.
func TestLateOnTheLine(t *testing.T) {
	b := line(keepLine)
	b, _, _ = told(b, GreenSettings{}, ran("unit", 1, 0, bot.Failure), ran("unit", keepLine, 1, bot.Success))
	b, placed := b.Between(sha(7), sha(99), sha(keepLine))
	if !placed || len(b.Runs["unit"]) != 1 || b.history("unit", noon).Commits[0].Runs != nil {
		t.Errorf("%+v", b.Runs)
	}
	if b.Steps[sha(8)] != 0 || b.Steps[sha(9)] != 1 {
		t.Errorf("%v", b.Steps)
	}
}

// TestTheIncidentGoesOn: nobody is told that it is over while another check may be
// broken, nor when it is asked for evidence in the middle of it.
func TestTheIncidentGoesOn(t *testing.T) {
	red := []bot.CheckRun{
		ran("build", 1, 0, bot.Success), ran("unit", 1, 0, bot.Success), ran("unit", 2, 5, bot.Failure), ran("unit", 1, 8, bot.Success), ran("unit", 2, 8, bot.Failure),
	}
	b, _, _ := told(line(3), asking(), append(red, ran("build", 3, 9, bot.Failure), ran("unit", 3, 9, bot.Success))...)
	if b.Health != Red || b.Causes[0].State != trunk.Suspect || !b.Since.Equal(noon.Add(6*time.Minute)) || b.Number != 1 {
		t.Errorf("it is %s since %s: %+v", b.Health, b.Since, b.Causes)
	}
	if b, _, healed := told(b, asking(), ran("build", 3, 15, bot.Success)); b.Health != Green || healed != 1 {
		t.Errorf("all passes, and it is %s", b.Health)
	}
	plain, _, _ := told(line(2), GreenSettings{}, red[:3]...)
	if b, _, healed := Reconsider(plain, asking(), noon.Add(7*time.Minute)); b.Health != Red || healed {
		t.Errorf("evidence is asked for, and it is %s", b.Health)
	}
	forced := plain.Pushed(sha(2), sha(7), true)
	if b, _, healed := Reconsider(forced, asking(), noon.Add(7*time.Minute)); b.Health != Red || healed || b.Causes[0].State != trunk.Red {
		t.Errorf("on a new line, and it is %s: %+v", b.Health, b.Causes)
	}
	suspected, _, _ := told(line(2), asking(), red[:3]...)
	if b, _, _ := Reconsider(suspected, GreenSettings{}, noon.Add(7*time.Minute)); b.Health != Red || b.Causes[0].State != "" {
		t.Errorf("evidence is asked for no more, and it is %s: %+v", b.Health, b.Causes)
	}
}

// TestSameFactsSameHealth: what was red is so by what ran, in whichever order it
// is told.
func TestSameFactsSameHealth(t *testing.T) {
	runs := []bot.CheckRun{
		ran("build", 2, 5, bot.Success), ran("unit", 1, 0, bot.Success), ran("unit", 2, 5, bot.Failure), ran("unit", 1, 8, bot.Success), ran("unit", 2, 8, bot.Failure),
		ran("unit", 1, 12, bot.Failure), ran("unit", 1, 14, bot.Failure),
	}
	for range 2 {
		b := line(2)
		for _, run := range runs {
			b, _, _ = Turn(b, asking(), run, noon.Add(20*time.Minute))
		}
		if b.Health != Red {
			t.Errorf("it is %s", b.Health)
		}
		slices.Reverse(runs)
	}
}

// TestARunThatNeverReports is looked for when it should have come, and then the
// branch is red.
func TestARunThatNeverReports(t *testing.T) {
	s := asking()
	s.Evidence.MaxWait = time.Hour
	b, _, _ := told(line(2), s, ran("unit", 1, 0, bot.Success), ran("unit", 2, 5, bot.Failure))
	b, _, _ = Reconsider(b, s, noon.Add(10*time.Minute))
	at := b.Due(noon.Add(10 * time.Minute))
	if !at.Equal(noon.Add(6*time.Minute + trunk.Believed)) {
		t.Fatalf("it is looked for at %s", at)
	}
	if b, broke, _ := Reconsider(b, s, at); b.Health != Red || !broke || !b.Causes[0].Silent || !b.Due(at).IsZero() && b.Due(at).Before(at) {
		t.Errorf("it is %s: %+v", b.Health, b.Causes)
	}
	if b, _, _ := told(b, s, ran("unit", 1, 8, bot.Success)); b.Health != Suspect || b.Due(noon.Add(10*time.Minute)).Equal(at) {
		t.Errorf("it came, and it is %s", b.Health)
	}
}

// TestAStatusIsAskedOfNobody: a commit status has no app that could run it again.
func TestAStatusIsAskedOfNobody(t *testing.T) {
	status := func(r bot.CheckRun) bot.CheckRun { r.App = 0; return r }
	b, _, _ := told(line(2), asking(), status(ran("unit", 1, 0, bot.Success)), status(ran("unit", 2, 5, bot.Failure)))
	if b.Health != Red || !strings.Contains(b.Causes[0].Barred, "commit status") || len(b.Wanted(noon)) > 0 {
		t.Errorf("it is %s: %+v", b.Health, b.Causes)
	}
}
