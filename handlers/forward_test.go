package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// forward looks for the way out of an environment that cannot go back, each
// time by the line that the answer before gave.
func (x *street) forward(t *testing.T, n int, place string) {
	t.Helper()
	full := "/deploy " + place + " @" + string(teaSHA(n))
	if plan := x.says(t, n, "/rollback "+place); len(orders(plan)) != 0 || !strings.Contains(answer(plan), "nothing to go back to") || !strings.Contains(answer(plan), "/deploy "+place) {
		t.Fatalf("a rollback: %+v, %s", orders(plan), answer(plan))
	}
	for _, less := range []string{"/deploy " + place, full[:len(full)-1]} {
		if plan := x.says(t, n, less); len(orders(plan)) != 0 || !strings.Contains(answer(plan), full) || strings.Contains(answer(plan), "/rollback") {
			t.Fatalf("%s: %+v, %s", less, orders(plan), answer(plan))
		}
	}
	if plan := x.says(t, n, full); len(orders(plan)) != 1 || orders(plan)[0].SHA != teaSHA(n) {
		t.Fatalf("%s: %+v, %s", full, orders(plan), answer(plan))
	}
	x.pass(t, 10*time.Minute)
	if slot, _ := x.slot(t); slot.Dirty != "" || slot.Live == nil || slot.Live.Release.SHA != teaSHA(n) {
		t.Errorf("after it: %+v", slot)
	}
}

// allAtOnce is a street whose only stage brings everything at once.
func allAtOnce(soak time.Duration) *street {
	x := newStreet()
	x.edit = func(p *deploy.Pipeline) {
		p.Stages = p.Stages[1:]
		p.Stages[0].After, p.Stages[0].Soak = nil, soak
	}
	return x
}

// silent: the executor answers nothing, neither to a start nor to going back.
func (x *street) silent(t *testing.T, line string, n int) {
	t.Helper()
	x.says(t, n, line)
	for range 4 {
		for i := range x.asks {
			if s, ok := x.asks[i].(bot.StageSettled); ok {
				s.Outcome, s.Detail = bot.InDoubt, "it does not answer"
				x.asks[i] = s
			}
		}
		if len(x.asks) == 0 {
			break
		}
		e := x.asks[0]
		x.asks = x.asks[1:]
		x.tell(t, e)
	}
	if slot, running := x.slot(t); slot.Dirty == "" || len(running) != 0 {
		t.Fatalf("it is known what runs: %+v, %+v", slot, running)
	}
}

// A first deploy that could not go back leaves nothing to go back to: the way
// out is a commit that somebody names in full.
func TestAFirstDeployThatCannotGoBackLocksNothing(t *testing.T) {
	x := allAtOnce(0)
	x.silent(t, "/deploy production", 1)
	x.forward(t, 2, "production")
}

// So it is when what was live had not soaked and nothing was good before it.
func TestWhatHasNotSoakedLocksNothing(t *testing.T) {
	x := allAtOnce(time.Hour)
	x.says(t, 1, "/deploy production")
	x.pass(t, time.Minute)
	x.forward(t, 2, "production")

	x = allAtOnce(time.Hour)
	x.says(t, 1, "/deploy production")
	x.pass(t, time.Minute)
	x.silent(t, "/deploy production @"+string(teaSHA(2)), 2)
	x.forward(t, 3, "production")
}

// Where there is something to go back to, a name in full opens nothing.
func TestWhatCanGoBackGoesBack(t *testing.T) {
	x := allAtOnce(0)
	x.says(t, 1, "/deploy production")
	x.pass(t, time.Minute)
	x.silent(t, "/deploy production", 2)
	if plan := x.says(t, 3, "/deploy production @"+string(teaSHA(3))); len(orders(plan)) != 0 || !strings.Contains(answer(plan), "/rollback production") {
		t.Errorf("%+v, %s", orders(plan), answer(plan))
	}
}

// A canary that was let in by its name goes on to production: the same rule
// that let it in does not stop it half-way.
func TestACanaryThatWasNamedGoesOn(t *testing.T) {
	for name, begun := range map[string]func() *street{
		"nobody knows what is live": func() *street {
			x := newStreet()
			x.silent(t, "/deploy canary", 1)
			return x
		},
		"what is live has not soaked": func() *street {
			x := newStreet()
			x.edit = func(p *deploy.Pipeline) { p.Stages[1].Soak = 24 * time.Hour }
			x.toProduction(t, 1, "/deploy canary", "/promote")
			return x
		},
	} {
		for _, on := range []string{"/promote", "/deploy production", "/deploy production @" + string(teaSHA(2))} {
			t.Run(name+" "+on, func(t *testing.T) {
				x := begun()
				x.toProduction(t, 2, "/deploy canary @"+string(teaSHA(2)), on)
			})
		}
	}
}

// toProduction follows one change from its canary to production.
func (x *street) toProduction(t *testing.T, n int, begin, on string) {
	t.Helper()
	x.says(t, n, begin)
	for range 9 {
		x.pass(t, 10*time.Minute)
		_, running := x.slot(t)
		if len(running) == 0 {
			break
		}
		plan := x.says(t, n, map[bool]string{true: on, false: "/promote"}[running[0].State == deploy.Resting])
		if said := answer(plan); strings.Contains(said, "👎") {
			t.Fatalf("%s %s: %s", running[0].Stage.Name, running[0].State, said)
		}
	}
	if slot, _ := x.slot(t); slot.Dirty != "" || slot.Live == nil || slot.Live.Release.SHA != teaSHA(n) {
		t.Fatalf("after it: %+v", slot)
	}
}

// A canary's rest of the traffic is where the canary is: what comes after it
// elsewhere begins by a command of its own, in a slot of its own.
func TestPromotionStaysInItsEnvironment(t *testing.T) {
	x := newStreet()
	x.edit = func(p *deploy.Pipeline) {
		p.Stages[0].Environment, p.Stages[0].Steps[1].Ask = "eu", false
		p.Stages[1].Environment = "us"
	}
	x.says(t, 1, "/deploy canary")
	for range 2 {
		x.pass(t, 40*time.Minute)
		x.says(t, 1, "/promote")
	}
	x.pass(t, 40*time.Minute)
	x.says(t, 1, "/promote")
	x.says(t, 1, "/deploy production")
	active := 0
	for k := range x.docs {
		if strings.HasPrefix(k, "rollout/") {
			var r deploy.Rollout
			_, _ = x.Doc(t.Context(), k, &r)
			if r.Stage.Environment == "us" && !r.State.Ended() {
				t.Log(k, r.Stage.Name, r.Stage.Environment, r.State, r.Claims())
				active++
			}
		}
	}
	if active != 1 {
		t.Errorf("%d rollouts are active in us", active)
	}
}
