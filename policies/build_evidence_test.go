package policies

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// asking are settings that ask for evidence; one failure more is enough of it.
func asking() GreenSettings {
	e := trunk.Defaults()
	e.Repeats = 1
	return GreenSettings{Mode: Block, Evidence: &e}
}

// told a build of runs, each at the moment at which it ended.
func told(b Build, s GreenSettings, runs ...bot.CheckRun) (last Build, broke, healed int) {
	for _, run := range runs {
		var bad, good bool
		at := run.Completed
		if at.IsZero() {
			at = run.Started
		}
		b, bad, good = Turn(b, s, run, at)
		if wanted := b.Wanted(at); len(wanted) > 0 {
			b = b.Ask(wanted...)
		}
		broke, healed = broke+count(bad), healed+count(good)
	}
	return b, broke, healed
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestEvidence(t *testing.T) {
	pass, fail := bot.Success, bot.Failure
	before := []bot.CheckRun{ran("build", 1, 0, pass), ran("unit", 1, 0, pass), ran("build", 2, 5, pass), ran("unit", 2, 5, fail)}
	for _, c := range []struct {
		name          string
		runs          []bot.CheckRun
		want          Health
		broke, healed int
	}{
		{"one failure is a suspicion", nil, Suspect, 0, 0},
		{"it passes when it runs again: a flake", []bot.CheckRun{ran("unit", 2, 8, pass)}, Green, 0, 0},
		{"it fails again, and nobody knows of the world", []bot.CheckRun{ran("unit", 2, 8, fail)}, Suspect, 0, 0},
		{"the commit before passes beside it", []bot.CheckRun{ran("unit", 1, 8, pass), ran("unit", 2, 8, fail)}, Red, 1, 0},
		{"once red it is so until it passes", []bot.CheckRun{ran("unit", 1, 8, pass), ran("unit", 2, 8, fail), ran("unit", 1, 12, fail), ran("unit", 1, 14, fail)}, Red, 1, 0},
		{"and then it is green", []bot.CheckRun{ran("unit", 1, 8, pass), ran("unit", 2, 8, fail), ran("unit", 2, 20, pass)}, Green, 1, 1},
		{"the commit before fails, too", []bot.CheckRun{ran("unit", 1, 8, fail), ran("unit", 1, 10, fail)}, Environment, 0, 0},
		{"what runs again says nothing yet", []bot.CheckRun{ran("unit", 2, 8, "")}, Suspect, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, broke, healed := told(line(2), asking(), append(before[:4:4], c.runs...)...)
			if b.Health != c.want || broke != c.broke || healed != c.healed {
				t.Errorf("it is %s, broke %d and healed %d times; want %s, %d, %d", b.Health, broke, healed, c.want, c.broke, c.healed)
			}
			if b.Health == Red && !b.Since.Equal(noon.Add(6*time.Minute)) {
				t.Errorf("red since %s", b.Since)
			}
		})
	}
}

// TestCertainAlone: a way back is known where the evidence makes it certain, and
// not where somebody may have to be acquitted yet.
func TestCertainAlone(t *testing.T) {
	runs := []bot.CheckRun{ran("unit", 1, 0, bot.Success), ran("unit", 2, 5, bot.Failure)}
	suspected, _, _ := told(line(2), asking(), runs...)
	if _, _, known := suspected.Culprit(); known {
		t.Error("a suspect is named")
	}
	certain, _, _ := told(line(2), asking(), append(runs, ran("unit", 1, 8, bot.Success), ran("unit", 2, 8, bot.Failure))...)
	if sha2, before, known := certain.Culprit(); !known || sha2 != sha(2) || before != sha(1) {
		t.Errorf("%v %v %v: %+v", sha2, before, known, certain.Causes)
	}
}

// TestOnlyWhoAsks has anything run: who only observes judges as without evidence.
func TestOnlyWhoAsks(t *testing.T) {
	s := asking()
	s.Mode = Observe
	b, broke, _ := told(line(2), s, ran("unit", 1, 0, bot.Success), ran("unit", 2, 5, bot.Failure))
	if b.Health != Red || broke != 1 || len(b.Wanted(noon)) > 0 {
		t.Errorf("it is %s, and %v are wanted", b.Health, b.Wanted(noon))
	}
}

// TestAskedOnce: what was asked for is not asked for again while it may come,
// and what cannot be had is not waited for.
func TestAskedOnce(t *testing.T) {
	b, _, _ := told(line(2), asking(), ran("unit", 1, 0, bot.Success), ran("unit", 2, 5, bot.Failure))
	if len(b.Asked) != 1 || b.Asked[0].SHA != sha(1) || b.Asked[0].Run != 1000 || b.Asked[0].Refused {
		t.Fatalf("%+v", b.Asked)
	}
	b, _, _ = Reconsider(b, asking(), noon.Add(6*time.Minute+10*time.Second))
	if w := b.Wanted(noon); len(w) > 0 || !b.Due(noon.Add(6*time.Minute+10*time.Second)).Equal(noon.Add(6*time.Minute+30*time.Second)) {
		t.Errorf("%v, and at %s", w, b.Due(noon))
	}
	refused := b.Refused("unit", sha(1), "a job needs it")
	refused, _, _ = Reconsider(refused, asking(), noon.Add(7*time.Minute))
	if w := refused.Wanted(noon); len(w) != 1 || w[0].SHA != sha(2) {
		t.Errorf("without the commit before: %v", w)
	}
	late, _, _ := Reconsider(refused.Ask(Asked{Check: "unit", SHA: sha(2), At: noon, Refused: true}), asking(), noon.Add(30*time.Minute))
	if late.Health != Red || !strings.Contains(fmt.Sprint(late.Causes), "GitHub refused") {
		t.Errorf("nothing can be run, and it is %s: %+v", late.Health, late.Causes)
	}
}

// TestHowFlakyIsKept: commits leave the line, and how their checks did stays for
// two weeks.
func TestHowFlakyIsKept(t *testing.T) {
	b := Build{Branch: "main", Names: []string{"unit"}}
	for i := 1; i <= 3*keepLine; i++ {
		b = b.Pushed("", sha(i), false)
		runs := []bot.CheckRun{ran("unit", i, 10*i, bot.Success)}
		if i%10 == 0 {
			runs = []bot.CheckRun{ran("unit", i, 10*i, bot.Failure), ran("unit", i, 10*i+3, bot.Success)}
		}
		b, _, _ = told(b, GreenSettings{}, runs...)
	}
	now := noon.Add(3 * 24 * time.Hour)
	if got := b.history("unit", now).Rate; got < 0.08 || got > 0.1 || len(b.Line) != keepLine {
		t.Errorf("a check that flaked once in ten runs is believed to flake %.3f of the time", got)
	}
	if got := b.Past["unit"].within(now.Add(20 * 24 * time.Hour)); got.Runs > 0 {
		t.Errorf("three weeks later %+v counts still", got)
	}
	if days := fmt.Sprint(b.Past["unit"]); len(b.Past["unit"]) < 2 {
		t.Errorf("%s", days)
	}
}
