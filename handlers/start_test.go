package handlers

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// newBelt is a street on which every merge goes to production at once.
func newBelt() *street {
	x := newStreet()
	x.edit = func(p *deploy.Pipeline) {
		p.Stages = p.Stages[1:]
		p.Stages[0].Start, p.Stages[0].After = "merge", nil
	}
	return x
}

// merged is a change as it is after its merge; its merge commit is teaSHA(100
// + number).
func merged(number int, at time.Time) bot.Change {
	c := openChange(number, teaSHA(number))
	c.Default, c.Open, c.Merged, c.MergeSHA, c.MergedAt, c.Updated = "main", false, true, teaSHA(100+number), at, at
	return c
}

// merges has us hear of a merge now, whenever it was.
func (x *street) merges(t testing.TB, c bot.Change) bot.Plan {
	x.now = x.now.Add(time.Second)
	x.changes[c.Ref.Number] = c
	return x.tell(t, bot.ChangeClosed{Change: c, By: bot.Person{Login: "bob"}})
}

// rests is the commit that is live, once nothing goes on any more.
func (x *street) rests(t testing.TB) bot.SHA {
	t.Helper()
	slot, running := x.slot(t)
	if len(running) > 0 || slot.Live == nil {
		t.Fatalf("it has not come to rest: %+v, %+v", slot, running)
	}
	return slot.Live.Release.SHA
}

// overtaken are the changes of which the ledger says that a later merge took
// their place.
func (x *street) overtaken(t testing.TB) (numbers []int) {
	t.Helper()
	for _, f := range x.facts {
		var data struct{ Number, Newer int }
		if err := json.Unmarshal(f.Data, &data); err != nil {
			t.Fatal(err)
		}
		if f.Kind == "start.overtaken" && data.Newer != 0 {
			numbers = append(numbers, data.Number)
		}
	}
	return numbers
}

// Of two merges the later one runs in the end, in whichever order we hear of
// them and however long apart: it holds the other.
func TestTheLaterMergeRunsInWhateverOrderTheyAreHeard(t *testing.T) {
	for _, apart := range []time.Duration{0, time.Second, time.Hour} {
		for _, order := range [][]int{{1, 2}, {2, 1}} {
			x := newBelt()
			for _, n := range order {
				x.merges(t, merged(n, teaTime.Add(time.Duration(n-3)*time.Minute)))
				x.pass(t, apart)
			}
			x.pass(t, time.Hour)
			if got := x.rests(t); got != teaSHA(102) {
				t.Errorf("heard as %v, %s apart: %s runs", order, apart, got)
			}
			if late := order[0] == 2; late && !slices.Equal(x.overtaken(t), []int{1}) {
				t.Errorf("heard as %v, %s apart: the ledger says that overtaken are %v", order, apart, x.overtaken(t))
			}
		}
	}
}

// A merge that nobody told us of may be there by command: a later one heard
// first is not the only way to be late.
func TestAMergeIsNotStartedOverALaterOneThatRuns(t *testing.T) {
	x := newBelt()
	x.changes[2] = merged(2, teaTime.Add(-time.Minute))
	if plan := x.says(t, 2, "/deploy production"); len(orders(plan)) != 1 {
		t.Fatalf("it does not begin: %s", answer(plan))
	}
	for range 2 { // while it is on its way, and once it is there
		x.merges(t, merged(1, teaTime.Add(-2*time.Minute)))
		delete(x.docs, changeKey(bot.ChangeRef{Repo: tea, Number: 1}))
		x.pass(t, time.Hour)
		if got := x.rests(t); got != teaSHA(102) {
			t.Fatalf("%s runs", got)
		}
	}
	if !slices.Equal(x.overtaken(t), []int{1, 1}) {
		t.Errorf("the ledger says that overtaken are %v", x.overtaken(t))
	}
}

// A queue merges several in one second, in an order of its own: the commit
// that holds the other is the later one. Where GitHub cannot say, the numbers
// decide.
func TestMergesOfOneSecond(t *testing.T) {
	holds := func(later bot.SHA) func(base, head bot.SHA) ([]bot.Commit, error) {
		return func(_, head bot.SHA) ([]bot.Commit, error) {
			if head == later {
				return []bot.Commit{{SHA: head}}, nil
			}
			return nil, nil
		}
	}
	gone := func(base, _ bot.SHA) ([]bot.Commit, error) {
		return nil, fmt.Errorf("compare with %s: %w", base.Short(), bot.ErrNotFound)
	}
	for name, c := range map[string]struct {
		compare func(base, head bot.SHA) ([]bot.Commit, error)
		want    bot.SHA
	}{
		"#1 holds #2": {holds(teaSHA(101)), teaSHA(101)}, "#2 holds #1": {holds(teaSHA(102)), teaSHA(102)}, "nobody knows": {gone, teaSHA(102)},
	} {
		for _, order := range [][]int{{1, 2}, {2, 1}} {
			x := newBelt()
			x.compare = c.compare
			for _, n := range order {
				x.merges(t, merged(n, teaTime))
			}
			x.pass(t, time.Hour)
			if got := x.rests(t); got != c.want {
				t.Errorf("%s, heard as %v: %s runs", name, order, got)
			}
		}
	}
}

// A merge of which we heard while the file was wrong counts as one: what was
// merged before it and is heard later starts no more.
func TestAMergeCountsWhateverTheFileSays(t *testing.T) {
	x := newBelt()
	x.wrongFile(t, "stagse: unknown key")
	x.merges(t, merged(2, teaTime.Add(-time.Minute)))
	x.wrongFile(t)
	x.merges(t, merged(1, teaTime.Add(-2*time.Minute)))
	x.pass(t, time.Hour)
	if got := x.rests(t); got != teaSHA(102) || !slices.Equal(x.overtaken(t), []int{1}) {
		t.Errorf("%s runs; overtaken are %v", got, x.overtaken(t))
	}
}

// wrongFile puts a version of the file with so many mistakes in force; the good
// one before it stays.
func (x *street) wrongFile(t testing.TB, mistakes ...string) {
	x.keep(t, bot.Plan{Docs: []bot.Doc{settingsDoc{Repo: tea, Good: []byte("x"), HasGood: true, Mistakes: mistakes}}})
}

// told is the newest of what a change was told of its start.
func (x *street) told(number int) (body string) {
	for _, e := range x.done {
		if c, ok := e.(bot.KeepComment); ok && c.Ref.Number == number && strings.HasPrefix(c.Place, "start/") {
			body = c.Body
		}
	}
	return body
}

// What was merged while the file was wrong waits, visibly, and the newest of it
// starts when the file is right: by the file as it is then. Nobody is told of a
// file that is right again at once, as when the merge mends it.
func TestAMergeWaitsForTheFileToBeRight(t *testing.T) {
	x := newBelt()
	x.wrongFile(t, "3:1: stagse: unknown key", "4:1: x")
	x.merges(t, merged(1, teaTime.Add(-2*time.Minute)))
	x.pass(t, 20*time.Second)
	x.wrongFile(t)
	x.pass(t, time.Minute)
	if got := x.rests(t); got != teaSHA(101) || x.told(1) != "" {
		t.Fatalf("mended at once: %s runs, told is %q", got, x.told(1))
	}
	x.wrongFile(t, "3:1: stagse: unknown key", "4:1: x")
	x.merges(t, merged(2, x.now))
	x.pass(t, 5*time.Minute)
	for _, want := range []string{"production starts with this merge, and waits", "has 2 mistakes", "stagse", "4 h", "```\n/deploy production\n```"} {
		if !strings.Contains(x.told(2), want) {
			t.Errorf("it waits, and is told %q without %q", x.told(2), want)
		}
	}
	x.merges(t, merged(3, x.now))
	x.pass(t, 5*time.Minute)
	if got := x.rests(t); got != teaSHA(101) || !strings.Contains(x.told(2), "starts with #3") {
		t.Fatalf("while it is wrong %s runs; the earlier one is told %q", got, x.told(2))
	}
	x.wrongFile(t)
	x.pass(t, 5*time.Minute)
	if got := x.rests(t); got != teaSHA(103) || !strings.Contains(x.told(3), "is right again") {
		t.Errorf("mended: %s runs, told is %q", got, x.told(3))
	}
}

// Automation does less, never more, when the file has changed meanwhile or
// took too long to be right.
func TestAMergeThatWaitedForTheFileInVain(t *testing.T) {
	for name, c := range map[string]struct {
		wrong time.Duration
		start string
		want  string
	}{
		"a person starts it now": {time.Hour, "command", "starts with a merge no longer"},
		"after four hours":       {5 * time.Hour, "merge", "4 h after the merge production was not started: `.github/roundtrip.yml` has 1 mistake"},
	} {
		x := newBelt()
		x.wrongFile(t, "3:1: stagse: unknown key")
		x.merges(t, merged(1, x.now))
		x.pass(t, c.wrong)
		first := x.edit
		x.edit = func(p *deploy.Pipeline) { first(p); p.Stages[0].Start = c.start }
		x.wrongFile(t)
		x.pass(t, time.Hour)
		if slot, _ := x.slot(t); slot.Count != 0 || !strings.Contains(x.told(1), c.want) || !strings.Contains(x.told(1), "```\n/deploy production\n```") {
			t.Errorf("%s: %d rollouts, told is %q", name, slot.Count, x.told(1))
		}
	}
}

// notStarted is what the change is told of starts that do not take place, by
// where it stands.
func notStarted(plan bot.Plan) map[string]string {
	told := map[string]string{}
	for _, e := range plan.Effects {
		if c, ok := e.(bot.KeepComment); ok && strings.HasPrefix(c.Place, "start/") {
			told[c.Place] = c.Body
		}
	}
	return told
}

// Where several services start with a merge, each has its own word to say and
// its own line to paste: none takes another's place.
func TestEachServiceThatDoesNotStartIsToldOf(t *testing.T) {
	belt := func(check bot.CheckRun) *street {
		x := newBelt()
		x.services = []deploy.Service{{Name: "pay"}, {Name: "web"}}
		first := x.edit
		x.edit = func(p *deploy.Pipeline) {
			first(p)
			p.Stages[0].Gates.Checks = []string{"unit"}
		}
		x.runs = []bot.CheckRun{check}
		return x
	}
	for name, c := range map[string]struct {
		check bot.CheckRun
		says  string
	}{
		"refused":  {bot.CheckRun{Name: "unit", SHA: teaSHA(101), Status: bot.Completed, Conclusion: bot.Failure}, "may not go to %s yet"},
		"given up": {bot.CheckRun{Name: "unit", SHA: teaSHA(101), Status: bot.InProgress}, "4 h after the merge %s was not started"},
	} {
		x, told := belt(c.check), map[string]string{}
		maps.Copy(told, notStarted(x.merges(t, merged(1, teaTime))))
		for _, timer := range x.timers {
			x.now = timer.Event.(bot.StartDue).Since.Add(4 * time.Hour)
			maps.Copy(told, notStarted(x.tell(t, timer.Event)))
		}
		for _, place := range []string{"pay:production", "web:production"} {
			if got := told["start/"+place]; !strings.Contains(got, fmt.Sprintf(c.says, place)) {
				t.Errorf("%s: of %s it is told %q in %v", name, place, got, slices.Sorted(maps.Keys(told)))
			}
		}
		if got := told["start/web:production"]; name == "given up" && !strings.Contains(got, "```\n/deploy web:production\n```") {
			t.Errorf("no line to paste: %s", got)
		}
	}
}

// The same where a start was given up because GitHub did not answer.
func TestEachServiceWhoseStartWasGivenUpIsToldOf(t *testing.T) {
	x := newBelt()
	x.services = []deploy.Service{{Name: "pay"}, {Name: "web"}}
	x.keep(t, bot.Plan{Docs: []bot.Doc{settingsDoc{Repo: tea, Good: []byte("x"), HasGood: true}}})
	for _, service := range []string{"pay", "web"} {
		due := bot.StartDue{Ref: bot.ChangeRef{Repo: tea, Number: 1}, Stage: "production", Service: service, Since: teaTime}
		told := notStarted(x.tell(t, stuckOn(t, due, true)))
		place := service + ":production"
		if got := told["start/"+place]; !strings.Contains(got, "I gave up on `/deploy "+place+"`") || !strings.Contains(got, "```\n/deploy "+place+"\n```") {
			t.Errorf("of %s it is told %v", place, told)
		}
	}
}
