package policies

import (
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func TestCulprit(t *testing.T) {
	pass, fail := bot.Success, bot.Failure
	for _, c := range []struct {
		name    string
		commits int
		runs    []bot.CheckRun
		known   bool
	}{
		{"the head broke it", 2, []bot.CheckRun{ran("unit", 1, 0, pass), ran("unit", 2, 5, fail)}, true},
		{"both checks with the head", 2, []bot.CheckRun{ran("unit", 1, 0, pass), ran("build", 1, 0, pass), ran("unit", 2, 5, fail), ran("build", 2, 5, fail)}, true},
		{"a rerun before it passed", 2, []bot.CheckRun{ran("unit", 1, 0, fail), ran("unit", 1, 2, pass), ran("unit", 2, 5, fail)}, true},
		{"nothing ran before", 2, []bot.CheckRun{ran("unit", 2, 5, fail)}, false},
		{"the commit between told nothing", 3, []bot.CheckRun{ran("unit", 1, 0, pass), ran("unit", 2, 3, bot.Cancelled), ran("unit", 3, 5, fail)}, false},
		{"another commit is on top", 3, []bot.CheckRun{ran("unit", 1, 0, pass), ran("unit", 2, 5, fail)}, false},
		{"two faults of two commits", 2, []bot.CheckRun{ran("unit", 1, 0, pass), ran("build", 1, 0, fail), ran("unit", 2, 5, fail)}, false},
		{"it is green", 2, []bot.CheckRun{ran("unit", 1, 0, pass), ran("unit", 2, 5, pass), ran("build", 2, 5, pass)}, false},
	} {
		b, _, _ := after(line(c.commits), c.runs...)
		got, before, known := b.Culprit()
		if known != c.known || known && (got != sha(c.commits) || before != sha(c.commits-1)) {
			t.Errorf("%s: %s on %s, %t", c.name, got.Short(), before.Short(), known)
		}
	}
}

func TestSameTree(t *testing.T) {
	pass, fail := bot.Success, bot.Failure
	broken := []bot.CheckRun{ran("unit", 1, 0, pass), ran("build", 1, 0, pass), ran("unit", 2, 5, fail)}
	for _, c := range []struct {
		name string
		tree string
		runs []bot.CheckRun
		on   map[string]bot.CheckRun // of the change's head
		more int                     // commits on top
		same bool
	}{
		{"as it was", "tree1", broken, nil, 0, true},
		{"its own runs pass", "tree1", broken, map[string]bot.CheckRun{"unit": ran("unit", 9, 9, pass)}, 0, true},
		{"other files", "tree3", broken, nil, 0, false},
		{"unknown files", "", broken, nil, 0, false},
		{"the files that broke it", "tree2", broken, nil, 0, false},
		{"not all ran before", "tree1", []bot.CheckRun{ran("unit", 1, 0, pass), ran("unit", 2, 5, fail)}, nil, 0, false},
		{"something failed before", "tree1", append([]bot.CheckRun{ran("lint", 1, 0, fail), ran("lint", 2, 3, pass)}, broken...), nil, 0, false},
		{"it fails on the head", "tree1", broken, map[string]bot.CheckRun{"build": ran("build", 9, 9, fail)}, 0, false},
		{"another commit is on top", "tree1", broken, nil, 1, false},
	} {
		b := line(2).WithTree(sha(1), "tree1").WithTree(sha(2), "tree2")
		b, _, _ = after(b, c.runs...)
		for i := range c.more {
			b = b.Pushed(sha(2+i), sha(3+i), false)
		}
		green, same := b.SameTree(c.tree, c.on)
		if same != c.same || same && green != sha(1) {
			t.Errorf("%s: %s, %t", c.name, green.Short(), same)
		}
		v := judgeGreen(Facts{Change: bot.Change{BaseRef: "main"}, Main: b, Runs: c.on, Tree: c.tree}, watching(Block))
		if (v.Conclusion == bot.Success) != (c.same || Repairs(b, c.on)) {
			t.Errorf("%s: it is shown %+v", c.name, v)
		}
	}
	if b := line(3).WithTree(sha(9), "x").WithTree(sha(2), ""); len(b.Trees) > 0 {
		t.Errorf("trees of nowhere: %v", b.Trees)
	}
}
