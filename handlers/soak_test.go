package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/deploy"
)

// What soaks holds production; a rollback goes past it, to what was good before.
func TestWhatSoaksHoldsProduction(t *testing.T) {
	x := newStreet()
	x.edit = func(p *deploy.Pipeline) { p.Stages[1].Soak = time.Hour }
	x.live(t, 1)
	x.pass(t, time.Hour)
	x.live(t, 2)
	if plan := x.says(t, 3, "/deploy canary"); len(orders(plan)) != 0 || !strings.Contains(answer(plan), "soaks until") || !strings.Contains(answer(plan), "/rollback canary") {
		t.Fatalf("another one comes before it soaked: %+v, %s", orders(plan), answer(plan))
	}
	if plan := x.says(t, 2, "/rollback production"); len(orders(plan)) != 1 || orders(plan)[0].SHA != teaSHA(1) {
		t.Fatalf("a rollback brings %+v: %s", orders(plan), answer(plan))
	}
	x.pass(t, time.Minute)
	if plan := x.says(t, 3, "/deploy canary"); len(orders(plan)) != 1 {
		t.Errorf("what was brought back holds production: %s", answer(plan))
	}
}
