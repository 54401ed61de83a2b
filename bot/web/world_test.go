package web

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
)

var (
	began = time.Date(2026, 10, 7, 10, 0, 0, 0, time.UTC)
	shop  = bot.RepoRef{Installation: 42, ID: 7, Name: "acme/shop"}
	ann   = bot.Person{Login: "ann"}
	newer = bot.SHA(strings.Repeat("b", 40))
	older = bot.SHA(strings.Repeat("a", 40))
)

// addresses of each page in the world below, in the order of the table.
var addresses = []string{"/", "/changes/acme/shop/12", "/rollouts/42/7/shop/production/4", "/deliveries", "/report", "/report/acme/shop?week=2026-W41"}

func release(sha bot.SHA, number int, title string) deploy.Release {
	return deploy.Release{Repo: shop, SHA: sha, Service: "shop", Change: bot.ChangeRef{Repo: shop, Number: number}, Title: title}
}

func canary() deploy.Stage {
	return deploy.Stage{
		Name: "canary", Environment: "production", URL: "https://shop.example.com", OnFail: "rollback", After: []deploy.After{{Stage: "staging"}},
		Steps:    []deploy.WeightStep{{Weight: 5, For: 5 * time.Minute}, {Weight: 25, For: 10 * time.Minute}},
		Timeouts: deploy.Timeouts{Step: 20 * time.Minute, Rollout: 4 * time.Hour},
	}
}

func watched() deploy.Watch {
	return deploy.Watch{
		Sources: []string{"prom"}, Metrics: []deploy.Metric{
			{Name: "errors", Class: "primary", Floor: 1.1, Margin: 2},
			{Name: "carts left", Class: "business", Floor: 1.1, Margin: 2, Observe: true},
		},
		Judge: deploy.Judge{Window: time.Minute, FalseBlame: 0.01, FalsePromote: 0.05, MaxWait: 45 * time.Minute, MinWindows: 3},
	}
}

// play is a rollout that goes on, with the facts that it writes.
type play struct {
	s   *shelf
	r   deploy.Rollout
	now time.Time
}

func (p *play) learn(plan bot.Plan) { p.s.facts = append(p.s.facts, plan.Facts...) }

func (p *play) tell(in deploy.Input) {
	r, plan := deploy.Step(p.r, in, p.now)
	p.r = r
	p.learn(plan)
}

func (p *play) placed(verb string) {
	p.now = p.now.Add(20 * time.Second)
	p.tell(deploy.Settled{Verb: verb, Outcome: bot.Done})
	p.tell(deploy.Observed{Observation: bot.Observation{State: bot.StagePlaced, SHA: p.r.Release.SHA, Weight: p.r.Weight()}})
}

func (p *play) look(canaryBad float64, missing string) {
	w := bot.Window{From: p.now, To: p.now.Add(time.Minute), CanaryBad: canaryBad, CanaryTotal: 2000, StableBad: 100, StableTotal: 20000, Missing: missing}
	p.now = w.To
	carts := w
	carts.CanaryBad, carts.StableBad = 12, 90
	p.tell(deploy.Looked{Windows: map[string][]bot.Window{"errors": {w}, "carts left": {carts}}, Err: missing})
}

// begin is a canary that begins in a world in which something is live.
func begin(s *shelf) (deploy.Slot, *play) {
	live := deploy.Placed{Release: release(older, 11, "Sort by price"), Rollout: "42/7/shop/production/3", At: began.Add(-20 * time.Hour)}
	slot := deploy.Slot{Key: deploy.SlotKey(shop, "shop", "production"), Count: 3, Fence: 3, Live: &live, Good: []deploy.Placed{live}}
	slot, r, plan := deploy.Begin(slot, deploy.Asking{Release: release(newer, 12, "Add gift wrapping"), Stage: canary(), Watch: watched(), Kind: deploy.KindDeploy, By: ann, Asked: true}, began)
	p := &play{s: s, r: r, now: began}
	p.learn(plan)
	return slot, p
}

// world is a shop in which a canary rests, a branch is red, and an effect
// failed.
func world(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{at: began.Add(20 * time.Minute)}
	slot, p := begin(s)
	p.placed("start")
	for range 5 {
		p.look(11, "")
	}
	p.placed("weight")
	for i := range 10 {
		missing := ""
		if i == 4 {
			missing = "the source did not answer"
		}
		p.look(9+float64(i%3), missing)
	}
	if p.r.State != deploy.Resting {
		t.Fatalf("the rollout is %s: %s", p.r.State, p.r.Why)
	}
	s.keep(t, slot, p.r)
	shopWith(t, s, "Add gift wrapping")
	return s
}

// shopWith is what is known of the shop beside its rollouts.
func shopWith(t *testing.T, s *shelf, title string) {
	t.Helper()
	c := bot.Change{
		Ref: bot.ChangeRef{Repo: shop, Number: 12}, Title: title, Author: "ann", Head: newer, HeadRef: "gifts", BaseRef: "main", Open: true,
		Added: 14, Deleted: 3, Files: 2, HasTotals: true, Updated: began.Add(-time.Hour), Labels: []string{"shop"},
	}
	run := bot.CheckRun{ID: 1, Name: "unit", SHA: newer, Status: bot.Completed, Conclusion: bot.Success, URL: "https://ci.example.com/1"}
	s.put(t, changeKey(shop, 12), map[string]any{"change": c, "heads": []map[string]any{{"sha": newer, "at": c.Updated}}})
	s.put(t, headKey(c), map[string]any{"numbers": []int{12}, "runs": map[string]any{"unit": run}})
	s.put(t, "settings/"+shop.Key(), fileDoc{Repo: shop, At: began.Add(-48 * time.Hour)})
	s.facts = append(s.facts, bot.NewFact("change.updated", shop, c.Ref.String(), c.Updated, map[string]any{"number": 12}))
	b := policies.Build{Repo: shop, Branch: "main"}.Pushed("", older, false)
	b, _, _ = policies.Turn(b, policies.GreenSettings{}, bot.CheckRun{ID: 2, Name: "unit", SHA: older, Status: bot.Completed, Conclusion: bot.Failure, Completed: began.Add(-9 * time.Minute), URL: "https://ci.example.com/2"}, began)
	s.keep(t, b)
	s.owe(t, bot.SetCheck{Repo: shop, SHA: newer, Name: "roundtrip / batch", Status: bot.Completed, Conclusion: bot.Success, Title: "17 lines: small", Summary: "Aim at 20."}, bot.TaskDone, "")
	s.owe(t, bot.SetCheck{Repo: shop, SHA: newer, Name: "roundtrip / main", Status: bot.InProgress, Title: "main is red", Summary: "unit fails."}, bot.TaskHeld, "")
	s.owe(t, bot.KeepComment{Ref: c.Ref, Place: "rollout/shop"}, bot.TaskFailed, "403: Resource not accessible by integration")
}
