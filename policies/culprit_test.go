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
