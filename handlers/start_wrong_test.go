package handlers

import (
	"strings"
	"testing"
	"time"

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
