package deploy

import (
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// askChecks: the newest run of each named check decides; one that has not
// reported, was skipped or is stale has not passed.
func askChecks(a Ask) Answer {
	want := slices.Clone(a.Stage.Gates.Checks)
	for _, name := range a.Required {
		if a.Stage.Gates.Required && !slices.Contains(want, name) {
			want = append(want, name)
		}
	}
	if len(want) == 0 && !a.Stage.Gates.Required {
		return pass("the stage names no checks")
	}
	if a.ReadErr != "" {
		return Answer{Result: Unreadable, Says: "GitHub did not say how the checks ended: " + a.ReadErr, Advice: "Ask again in a minute."}
	}
	if len(want) == 0 {
		return fail("Name them in the stage's gates, or require some on the branch.", "no check is required on this branch, so none has passed")
	}
	newest := map[string]bot.CheckRun{}
	for _, run := range a.Checks {
		if old, ok := newest[run.Name]; !ok || run.NewerThan(old) {
			newest[run.Name] = run
		}
	}
	return judgeChecks(want, newest)
}

func judgeChecks(want []string, newest map[string]bot.CheckRun) Answer {
	var red, open []string
	for _, name := range want {
		switch run, ok := newest[name]; {
		case ok && run.Passed():
		case ok && run.Status == bot.Completed:
			red = append(red, name+" ("+run.Conclusion+")")
		default:
			open = append(open, name)
		}
	}
	switch {
	case len(red) > 0:
		return fail("Push a repair, or run them again.", "%s did not pass", strings.Join(red, ", "))
	case len(open) > 0:
		it, has := "it", "has"
		if len(open) > 1 {
			it, has = "them", "have"
		}
		answer := fail("Wait for "+it+" and ask again.", "%s %s not finished", strings.Join(open, ", "), has)
		answer.Result = Pending
		return answer
	}
	return pass("%s passed", strings.Join(want, ", "))
}
