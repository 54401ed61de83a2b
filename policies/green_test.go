package policies

import (
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func watching(mode Mode) Settings {
	return Settings{Green: GreenSettings{Mode: mode, Branches: []string{"main", "release/*"}, Required: true}}
}

func redMain() Build {
	b, _, _ := after(line(2), ran("build", 2, 5, bot.Success), ran("unit", 2, 5, bot.Failure))
	return b
}

func runsOf(runs ...bot.CheckRun) map[string]bot.CheckRun {
	byName := map[string]bot.CheckRun{}
	for _, r := range runs {
		byName[r.Name] = r
	}
	return byName
}

func TestGreen(t *testing.T) {
	green, _, _ := after(line(1), ran("build", 1, 0, bot.Success), ran("unit", 1, 0, bot.Success))
	repair := runsOf(ran("unit", 9, 30, bot.Success))
	suspect, world, late := redMain(), redMain(), redMain()
	suspect.Health, world.Health, late.Health = Suspect, Environment, Undecided
	for _, c := range []struct {
		name, base string
		mode       Mode
		main       Build
		runs       map[string]bot.CheckRun
		status     string
		conclusion string
		title      string
	}{
		{"green", "main", Block, green, nil, bot.Completed, bot.Success, "main is green"},
		{"unknown", "main", Block, line(1), nil, bot.Completed, bot.Neutral, "Nothing is known against main"},
		{"red", "main", Block, redMain(), nil, bot.InProgress, "", "Waiting for main"},
		{"red, and only warned", "main", Warn, redMain(), nil, bot.Completed, bot.Neutral, "main is red"},
		{"red, and only observed", "main", Observe, redMain(), nil, bot.Completed, bot.Neutral, "main is red"},
		{"repaired", "main", Block, redMain(), repair, bot.Completed, bot.Success, "it repairs main"},
		{"a failed check runs again", "main", Block, suspect, nil, bot.InProgress, "", "Waiting for main: a failed check runs again"},
		{"and that is only warned of", "main", Warn, suspect, nil, bot.Completed, bot.Neutral, "main may be red"},
		{"what is suspected is repaired", "main", Block, suspect, repair, bot.Completed, bot.Success, "it repairs main"},
		{"the world is broken", "main", Block, world, nil, bot.Completed, bot.Neutral, "What main is tested with is broken"},
		{"nobody can tell", "main", Block, late, nil, bot.Completed, bot.Neutral, "Nobody can tell whether main is broken"},
		{"another branch", "topic", Block, redMain(), nil, bot.Completed, bot.Success, "not watched"},
		{"a release branch", "release/2", Block, redMain(), nil, bot.InProgress, "", "Waiting"},
		{"off", "main", Off, redMain(), nil, bot.Completed, bot.Success, "not watched"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judgeGreen(Facts{Change: bot.Change{BaseRef: c.base}, Main: c.main, Runs: c.runs}, watching(c.mode))
			if v.Status != c.status || v.Conclusion != c.conclusion || !strings.Contains(v.Title, c.title) || v.Summary == "" {
				t.Errorf("%+v", v)
			}
		})
	}
}

func TestRepairs(t *testing.T) {
	two, _, _ := after(line(2), ran("build", 2, 5, bot.Failure), ran("unit", 2, 5, bot.Failure))
	for _, c := range []struct {
		name string
		main Build
		runs map[string]bot.CheckRun
		want bool
	}{
		{"it passes after it broke", redMain(), runsOf(ran("unit", 9, 30, bot.Success)), true},
		{"it passed before it broke", redMain(), runsOf(ran("unit", 9, 2, bot.Success)), false},
		{"it only runs", redMain(), runsOf(ran("unit", 9, 30, "")), false},
		{"it was skipped", redMain(), runsOf(ran("unit", 9, 30, bot.Skipped)), false},
		{"it breaks another", redMain(), runsOf(ran("unit", 9, 30, bot.Success), ran("build", 9, 30, bot.Failure)), false},
		{"it fails where nobody is asked", redMain(), runsOf(ran("unit", 9, 30, bot.Success), ran("lint", 9, 30, bot.Failure)), true},
		{"it repairs one fault of two", two, runsOf(ran("unit", 9, 30, bot.Success), ran("build", 9, 30, bot.Failure)), true},
		{"nothing ran", redMain(), nil, false},
		{"no cause is known", Build{Health: Red}, runsOf(ran("unit", 9, 30, bot.Success)), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Repairs(c.main, c.runs); got != c.want {
				t.Errorf("repairs: %t, want %t", got, c.want)
			}
		})
	}
}

func TestJudgeGroup(t *testing.T) {
	for _, p := range All() {
		for mode, red := range map[Mode]string{Block: bot.Failure, Warn: bot.Success} {
			want := bot.Success
			if p.Name == "green" {
				want = red
			}
			if v := JudgeGroup(p, redMain(), watching(mode), nil); v.Conclusion != want || v.Status != bot.Completed {
				t.Errorf("%s of a group on a red branch, %s: %+v", p.Name, mode, v)
			}
			repair := runsOf(ran("build", 3, 9, bot.Success), ran("unit", 3, 9, bot.Success))
			if v := JudgeGroup(p, redMain(), watching(mode), repair); v.Conclusion != bot.Success {
				t.Errorf("%s of a group that holds the repair, %s: %+v", p.Name, mode, v)
			}
			if v := JudgeGroup(p, line(1), watching(mode), nil); v.Conclusion != bot.Success {
				t.Errorf("%s of a group, %s: %+v", p.Name, mode, v)
			}
		}
	}
}

func TestDecides(t *testing.T) {
	required := GreenSettings{Required: true, Checks: []string{"unit"}}
	named := GreenSettings{Checks: []string{"unit", "e2e/*", "[odd", "*"}}
	for _, c := range []struct {
		s     GreenSettings
		check string
		want  bool
	}{
		{required, "build", true}, {required, "unit", false}, {required, "roundtrip / main", false},
		{named, "unit", true}, {named, "e2e/chrome", true}, {named, "[odd", true}, {named, "a/b", false}, {named, "roundtrip / batch", false},
		{GreenSettings{}, "unit", false},
	} {
		if got := c.s.Decides([]string{"build", "roundtrip / main"}, c.check); got != c.want {
			t.Errorf("%q decides: %t", c.check, got)
		}
	}
}
