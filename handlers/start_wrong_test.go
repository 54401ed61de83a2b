package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// A merge that was told that it starts as soon as its gates let it is told
// what came between: a later merge, a file that asks for a person, or mistakes
// anew.
func TestAMergeSaidToStartHearsThatItDoesNot(t *testing.T) {
	for want, then := range map[string]func(x *street){
		"starts with #2":                               func(x *street) { x.merges(t, merged(2, x.now)) },
		"starts with a merge no longer":                func(x *street) { x.alter(func(p *deploy.Pipeline) { p.Stages[0].Start = "command" }) },
		"waits: `.github/roundtrip.yml` has 1 mistake": func(x *street) { x.wrongFile(t, "4:1: x") },
	} {
		x := newBelt()
		x.alter(func(p *deploy.Pipeline) { p.Stages[0].Gates.Checks = []string{"unit"} })
		x.wrongFile(t, "3:1: stagse: unknown key")
		x.merges(t, merged(1, x.now))
		x.pass(t, 5*time.Minute)
		x.wrongFile(t)
		x.pass(t, 5*time.Minute)
		if got := x.told(1); !strings.Contains(got, "as soon as its gates let it") {
			t.Fatalf("mended, it is told %q", got)
		}
		then(x)
		x.pass(t, 20*time.Minute)
		if got := x.told(1); !strings.Contains(got, want) {
			t.Errorf("it is told %q and not that it %s", got, want)
		}
	}
}

// alter changes what the file says from now on.
func (x *street) alter(edit func(*deploy.Pipeline)) {
	before := x.edit
	x.edit = func(p *deploy.Pipeline) { before(p); edit(p) }
}

// Where the file that is right again names the stage or the service no more,
// no line is offered that would be refused, and each is called what it was.
func TestAMergeWaitedForAStageThatIsGone(t *testing.T) {
	for name, mend := range map[string]func(x *street){
		"renamed":            func(x *street) { x.alter(func(p *deploy.Pipeline) { p.Stages[0].Name = "live" }) },
		"no stages":          func(x *street) { x.alter(func(p *deploy.Pipeline) { p.Stages = nil }) },
		"a service renamed":  func(x *street) { x.services = []deploy.Service{{Name: "till"}, {Name: "web"}} },
		"a service is alone": func(x *street) { x.services = []deploy.Service{{Name: "web"}} },
	} {
		x := newBelt()
		x.services = []deploy.Service{{Name: "pay"}, {Name: "web"}}
		x.wrongFile(t, "3:1: stagse: unknown key")
		x.merges(t, merged(1, x.now))
		x.pass(t, time.Hour)
		mend(x)
		x.wrongFile(t)
		said := len(x.done)
		x.pass(t, time.Hour)
		got := notStarted(bot.Plan{Effects: x.done[said:]})["start/pay:production"]
		if !strings.Contains(got, "pay:production does not start: `.github/roundtrip.yml` no longer names it") || strings.Contains(got, "/deploy") {
			t.Errorf("%s: it is told %q", name, got)
		}
		if a := answer(x.says(t, 1, "/status")); !strings.Contains(got, "```\n/status\n```") || strings.Contains(a, "👎") {
			t.Errorf("%s: the line is answered %q", name, a)
		}
	}
}
