package handlers

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// Where a pipeline ends is production, whatever it is called: a bare command
// never means it, GitHub and the plan item hear of it, and reports are about it.
func TestProductionMayBeCalledLive(t *testing.T) {
	x := newStreet()
	x.edit = func(p *deploy.Pipeline) {
		p.Stages[0].Environment, p.Stages[1].Environment, p.Stages[1].Name = "live", "live", "live"
	}
	c := x.changes[1]
	c.Body = "Closes #5"
	x.changes[1] = c
	x.says(t, 1, "/deploy") // the canary, which may be meant
	for range 2 {
		x.pass(t, 10*time.Minute)
		x.says(t, 1, "/promote")
	}
	if plan := x.says(t, 1, "/deploy"); len(orders(plan)) != 0 || !strings.Contains(answer(plan), "a bare /deploy never means that") || !strings.Contains(answer(plan), "/deploy live") {
		t.Fatalf("a bare command: %+v, %s", orders(plan), answer(plan))
	}
	x.says(t, 1, "/promote")
	x.pass(t, 10*time.Minute)
	if slot, _ := x.slot(t); slot.Live == nil || slot.Live.Release.SHA != teaSHA(1) {
		t.Fatalf("it is not live: %+v", slot)
	}
	for _, e := range x.done {
		if m, ok := e.(bot.MirrorRollout); ok && !m.Production {
			t.Errorf("GitHub is told of no production: %+v", m)
		}
	}
	if !slices.ContainsFunc(x.done, func(e bot.Effect) bool {
		k, ok := e.(bot.KeepComment)
		return ok && k.Ref.Number == 5 && strings.Contains(k.Body, "Live in live")
	}) {
		t.Error("the plan item does not hear of it")
	}
	for _, f := range x.facts {
		var d flow.Deployment
		if f.Kind == "release.live" && (json.Unmarshal(f.Data, &d) != nil || d.Goal != "live") {
			t.Errorf("reports learn %s", f.Data)
		}
	}
}
