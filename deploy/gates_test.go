package deploy

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// open is a question to which every gate says yes.
func open() Ask {
	s := canary()
	s.After = []After{{Stage: "staging", For: 10 * time.Minute}}
	s.Gates = Gates{Checks: []string{"build"}, Required: true, MainOK: true}
	return Ask{
		Release: release(newer), Stage: s, Slot: slotWith(older), Now: begin,
		Been:     map[bot.StageName]time.Time{"staging": begin.Add(-10 * time.Minute)},
		Required: []string{"unit"},
		Checks:   []bot.CheckRun{check("build", 1, bot.Success), check("unit", 2, bot.Success)},
	}
}

func check(name string, id int64, conclusion string) bot.CheckRun {
	r := bot.CheckRun{ID: id, Name: name, SHA: newer, Status: bot.Completed, Conclusion: conclusion, Started: begin.Add(time.Duration(id) * time.Second)}
	if conclusion == "" {
		r.Status = bot.InProgress
	}
	return r
}

func TestEveryGateSaysYes(t *testing.T) {
	answers := open().Judge()
	if blocking := Blocking(answers); len(blocking) > 0 || len(answers) != len(AllGates()) {
		t.Errorf("%+v", answers)
	}
	for i, g := range AllGates() {
		if answers[i].Gate != g.Name || answers[i].Says == "" || g.Doc == "" {
			t.Errorf("gate %q (%s) says %+v", g.Name, g.Doc, answers[i])
		}
	}
}

func TestGates(t *testing.T) {
	for _, c := range []struct {
		name, gate string
		change     func(*Ask)
		want       Result
		says       string
	}{
		{"the stage asks for more than we can", "honoured", func(a *Ask) { a.Pipeline.Unavailable = []Unavailable{{Path: "stages.canary.approve", Stage: "canary"}} }, Fail, "stages.canary.approve"},
		{"every stage does", "honoured", func(a *Ask) { a.Pipeline.Unavailable = []Unavailable{{Path: "probes"}} }, Fail, "probes"},
		{"another stage does", "honoured", func(a *Ask) { a.Pipeline.Unavailable = []Unavailable{{Path: "x", Stage: "production"}} }, Pass, ""},
		{"never been before", "after", func(a *Ask) { a.Been = nil }, Fail, "has not been in staging"},
		{"not long enough", "after", func(a *Ask) { a.Now = begin.Add(-30 * time.Second) }, Pending, "9 min"},
		{"a moment short", "after", func(a *Ask) { a.Now = begin.Add(-time.Millisecond) }, Pending, "for 9 min of 10 min"},
		{"one of two", "after", func(a *Ask) { a.Stage.After = append(a.Stage.After, After{Stage: "load"}) }, Fail, "load"},
		{"red", "checks", func(a *Ask) { a.Checks[0] = check("build", 1, bot.Failure) }, Fail, "build (failure)"},
		{"skipped", "checks", func(a *Ask) { a.Checks[1] = check("unit", 2, bot.Skipped) }, Fail, "unit (skipped)"},
		{"cancelled", "checks", func(a *Ask) { a.Checks[1] = check("unit", 2, bot.Cancelled) }, Fail, "cancelled"},
		{"stale", "checks", func(a *Ask) { a.Checks[1] = check("unit", 2, bot.Stale) }, Fail, "stale"},
		{"still runs", "checks", func(a *Ask) { a.Checks[1] = check("unit", 2, "") }, Pending, "unit has not finished"},
		{"never reported", "checks", func(a *Ask) { a.Checks = a.Checks[:1] }, Pending, "unit has not finished"},
		{"nothing at all reported", "checks", func(a *Ask) { a.Checks = nil }, Pending, "build, unit have not finished"},
		{"a rerun is red", "checks", func(a *Ask) { a.Checks = append(a.Checks, check("unit", 9, bot.Failure)) }, Fail, "unit"},
		{"a rerun still runs", "checks", func(a *Ask) { a.Checks = append(a.Checks, check("unit", 9, "")) }, Pending, "unit"},
		{"a rerun passed", "checks", func(a *Ask) {
			a.Checks = []bot.CheckRun{check("unit", 9, bot.Success), check("unit", 2, bot.Failure), a.Checks[0]}
		}, Pass, ""},
		{"GitHub does not answer", "checks", func(a *Ask) { a.ReadErr = "it did not answer" }, Unreadable, "did not answer"},
		{"none is required", "checks", func(a *Ask) { a.Required, a.Stage.Gates.Checks = nil, nil }, Fail, "no check is required"},
		{"none is asked for", "checks", func(a *Ask) { a.Stage.Gates, a.Checks = Gates{}, nil }, Pass, ""},
		{"named and required", "checks", func(a *Ask) { a.Required = []string{"build", "unit"} }, Pass, "build, unit passed"},
		{"main is red", "main_green", func(a *Ask) { a.MainRed = "unit fails" }, Fail, "unit fails"},
		{"main is red and not asked", "main_green", func(a *Ask) { a.MainRed, a.Stage.Gates.MainOK = "unit fails", false }, Pass, ""},
		{"rejected before", "not_bad", func(a *Ask) { a.Slot.Bad = []bot.SHA{newer} }, Fail, "rolled back"},
		{"soaks", "soaked", func(a *Ask) {
			a.Slot.Live = &Placed{Release: release(older), At: a.Now.Add(-4 * time.Minute), Soak: 10 * time.Minute}
		}, Pending, "soaks until"},
		{"soaks, is named, and one can go back", "soaked", func(a *Ask) {
			a.Named, a.Slot.Live = true, &Placed{Release: release("3333333"), At: a.Now.Add(-4 * time.Minute), Soak: 10 * time.Minute}
		}, Pending, "soaks until"},
		{"soaks, as was thought before it broke", "known", func(a *Ask) {
			a.Slot.Dirty, a.Slot.Live = "it broke", &Placed{Release: release(older), At: a.Now.Add(-4 * time.Minute), Soak: 10 * time.Minute}
		}, Fail, "it broke"},
		{"soaked", "soaked", func(a *Ask) {
			a.Slot.Live = &Placed{Release: release(older), At: a.Now.Add(-10 * time.Minute), Soak: 10 * time.Minute}
		}, Pass, ""},
		{"soaks itself", "soaked", func(a *Ask) {
			a.Slot.Live = &Placed{Release: a.Release, At: a.Now, Soak: 10 * time.Minute}
		}, Pass, ""},
		{"dirty", "known", func(a *Ask) { a.Slot.Dirty = "it broke" }, Fail, "it broke"},
	} {
		t.Run(c.gate+"/"+c.name, func(t *testing.T) {
			a := open()
			c.change(&a)
			for _, answer := range a.Judge() {
				want, says := Pass, ""
				if answer.Gate == c.gate {
					want, says = c.want, c.says
				}
				if answer.Result != want || !strings.Contains(answer.Says, says) {
					t.Errorf("%s: %s, %s; want %s, %s", answer.Gate, answer.Result, answer.Says, want, says)
				}
				if answer.Result != Pass && answer.Advice == "" {
					t.Errorf("%s does not say what to do next", answer.Gate)
				}
			}
			if blocked := len(Blocking(a.Judge())) == 1; blocked != (c.want != Pass) {
				t.Errorf("blocked is %t", blocked)
			}
		})
	}
}

func TestUnreadableBlocks(t *testing.T) {
	for _, r := range []Result{Fail, Pending, Unreadable, ""} {
		if len(Blocking([]Answer{{Result: r}})) != 1 {
			t.Errorf("%q does not block", r)
		}
	}
}

func TestNames(t *testing.T) {
	p := Pipeline{
		Stages: []Stage{
			{Name: "staging", Aliases: []string{"stg"}, Steps: []WeightStep{{Weight: 100}}},
			{Name: "canary", After: []After{{Stage: "staging"}}, Steps: []WeightStep{{Weight: 5}}},
		},
		Services: []Service{{Name: "Shop"}},
	}
	for name, want := range map[string]bot.StageName{"STG": "staging", "Canary": "canary", "production": "", "": "", "stagin": ""} {
		if s, ok := p.Stage(name); s.Name != want || ok != (want != "") {
			t.Errorf("%q is %q", name, s.Name)
		}
	}
	if s, ok := p.Next("staging"); !ok || s.Name != "canary" || !s.Canary() || p.Stages[0].Canary() {
		t.Errorf("after staging comes %+v", s)
	}
	if _, ok := p.Next("canary"); ok {
		t.Error("something comes after the last")
	}
	if s, ok := p.Service(""); !ok || s.Name != "Shop" {
		t.Error("the only service need not be named")
	}
	p.Services = append(p.Services, Service{Name: "pay"})
	if _, ok := p.Service(""); ok {
		t.Error("one of two services must be named")
	}
	if s, ok := p.Service("shop"); !ok || s.Name != "Shop" {
		t.Error("services are known in any case")
	}
}

// While main is red a way back is named where there is one.
func TestMainsAdviceOffersNoRollbackThatIsRefused(t *testing.T) {
	stage := Stage{Name: "production"}
	stage.Gates.MainOK = true
	a := Ask{Release: release(newer), Stage: stage, Slot: Slot{Good: []Placed{{Release: release(older)}}}, MainRed: "unit fails"}
	for _, want := range []string{"Repair main first; /rollback production is always open.", "Repair main first."} {
		if got := askMainGreen(a).Advice; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		a.Slot = Slot{}
	}
}

// Where there are several services, a line to paste names the right one.
func TestAdviceNamesTheService(t *testing.T) {
	a := Ask{Release: release(newer), Stage: Stage{Name: "production", After: []After{{Stage: "canary"}}}, Slot: slotWith(older)}
	a.Slot.Dirty, a.Slot.DirtyAt = "nobody knows", begin
	for services, want := range map[string][2]string{"one": {"/deploy canary", "/rollback production"}, "two": {"/deploy shop:canary", "/rollback shop:production"}} {
		a.Pipeline.Services = []Service{{Name: "shop"}}
		if services == "two" {
			a.Pipeline.Services = append(a.Pipeline.Services, Service{Name: "pay"})
		}
		if got := [2]string{askAfter(a).Advice, askKnown(a).Advice}; got != want {
			t.Errorf("of %s: %q, want %q", services, got, want)
		}
	}
}

// Whoever goes on with a canary is not told to roll back: that would take back
// the canary, and not what somebody else put there meanwhile.
func TestOnwardIsNoWayBack(t *testing.T) {
	for _, onward := range []bool{false, true} {
		a := open()
		a.Onward, a.Named = onward, onward
		a.Slot.Live = &Placed{Release: release("3333333"), At: a.Now.Add(-4 * time.Minute), Soak: 10 * time.Minute}
		if got := askSoaked(a); got.Result != Pending || !strings.Contains(got.Advice, "Wait 6 min") || strings.Contains(got.Advice, "/rollback") == onward {
			t.Errorf("onward %t: %+v", onward, got)
		}
	}
}
