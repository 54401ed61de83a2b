package deploy

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var (
	begin = time.Date(2026, 3, 9, 10, 0, 0, 0, time.UTC)
	shop  = bot.RepoRef{Installation: 42, ID: 7, Name: "acme/shop"}
	ann   = bot.Person{Login: "ann"}
	newer = bot.SHA(strings.Repeat("b", 40))
	older = bot.SHA(strings.Repeat("a", 40))
)

func release(sha bot.SHA) Release {
	return Release{Repo: shop, SHA: sha, Service: "shop", Change: bot.ChangeRef{Repo: shop, Number: 12}, Title: "a change"}
}

func stage(steps ...WeightStep) Stage {
	return Stage{
		Name: "canary", Environment: "production", URL: "https://shop.example.com",
		Executor: bot.ExecutorRef{Kind: "http", Name: "shop-cd"}, Steps: steps, OnFail: "rollback",
		Timeouts: Timeouts{Step: 20 * time.Minute, Rollout: 4 * time.Hour, Unknown: 15 * time.Minute},
	}
}

func allAtOnce() Stage { return stage(WeightStep{Weight: 100}) }

func canary() Stage {
	return stage(WeightStep{Weight: 5, For: 5 * time.Minute}, WeightStep{Weight: 25, For: 10 * time.Minute})
}

func watched() Watch {
	return Watch{
		Sources: []string{"prom"},
		Metrics: []Metric{{Name: "errors", Class: "primary", Bad: "bad{ {{ .Arm }} }", Total: "all{ {{ .Arm }} }", Floor: 1.1, Margin: 2}},
		Judge:   Judge{Window: time.Minute, FalseBlame: 0.01, FalsePromote: 0.05, MaxWait: 45 * time.Minute, MinWindows: 3},
	}
}

func slotWith(live bot.SHA) Slot {
	s := Slot{Key: SlotKey(shop, "shop", "production"), Count: 3, Fence: 3}
	if live != "" {
		p := Placed{Release: release(live), Rollout: s.Key + "/3", At: begin.Add(-time.Hour)}
		s.Live, s.Good = &p, []Placed{p}
	}
	return s
}

// run is a rollout with all that it asked for and that has not come yet.
type run struct {
	t       testing.TB
	r       Rollout
	now     time.Time
	last    bot.Plan // of the newest step
	effects []bot.Effect
	timers  []bot.Timer
	facts   []bot.Fact
}

func started(t testing.TB, s Stage, w Watch, live bot.SHA) *run {
	_, r, plan := Begin(slotWith(live), Asking{Release: release(newer), Stage: s, Watch: w, Kind: KindDeploy, By: ann, Asked: true}, begin)
	x := &run{t: t, now: begin}
	x.take(r, plan)
	return x
}

func (x *run) take(r Rollout, plan bot.Plan) {
	x.r, x.last = r, plan
	x.effects = append(append(x.effects, plan.Effects...), plan.Answers...)
	x.timers = append(x.timers, plan.Timers...)
	x.facts = append(x.facts, plan.Facts...)
}

func (x *run) tell(in Input) *run {
	r, plan := Step(x.r, in, x.now)
	x.take(r, plan)
	return x
}

func (x *run) after(d time.Duration) *run { x.now = x.now.Add(d); return x }

func (x *run) settle(verb string, o bot.Outcome) *run {
	return x.tell(Settled{Verb: verb, Outcome: o, Detail: "as it went"})
}

// placed brings the release to the weight of its step.
func (x *run) placed() *run {
	verb := "start"
	if x.r.Step > 0 {
		verb = "weight"
	}
	return x.settle(verb, bot.Done).seen(bot.Observation{State: bot.StagePlaced, SHA: x.r.Release.SHA, Weight: x.r.Weight()})
}

func (x *run) seen(o bot.Observation) *run { return x.tell(Observed{Observation: o}) }

func (x *run) due(what string) *run { return x.tell(Due{What: what, Turn: x.r.Turn}) }

func healthy() bot.Window {
	return bot.Window{CanaryBad: 10, CanaryTotal: 2000, StableBad: 100, StableTotal: 20000}
}

func harmful() bot.Window {
	return bot.Window{CanaryBad: 400, CanaryTotal: 2000, StableBad: 100, StableTotal: 20000}
}

// look lets a window's time pass and tells what it showed.
func (x *run) look(w bot.Window) *run {
	w.From, w.To = x.now, x.now.Add(time.Minute)
	return x.after(time.Minute).tell(Looked{Windows: map[string][]bot.Window{"errors": {w}}})
}

func (x *run) want(s State) *run {
	x.t.Helper()
	if x.r.State != s {
		x.t.Fatalf("the rollout is %s (%s), want %s", x.r.State, x.r.Why, s)
	}
	return x
}

func (x *run) wantWhy(part string) *run {
	x.t.Helper()
	if !strings.Contains(x.r.Why, part) {
		x.t.Fatalf("why is %q, want %q in it", x.r.Why, part)
	}
	return x
}

// asked is the newest effect of a kind.
func (x *run) asked(kind string) bot.Effect {
	x.t.Helper()
	for i := len(x.effects) - 1; i >= 0; i-- {
		if x.effects[i].Kind() == kind {
			return x.effects[i]
		}
	}
	x.t.Fatalf("no %s was asked for", kind)
	return nil
}

func (x *run) count(kind string) (n int) {
	for _, e := range x.effects {
		if e.Kind() == kind {
			n++
		}
	}
	return n
}
