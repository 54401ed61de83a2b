package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// street is a desk with a pipeline of two stages in one environment, an
// executor that does what it is told at once, and a production that answers.
type street struct {
	*desk
	now    time.Time
	timers []bot.Timer
	asks   []bot.Event // how what was asked of the executor ended
	facts  []bot.Fact  // all that the ledger learned
	done   []bot.Effect
	bad    bool   // production does worse
	away   string // the rollout that took traffic from what is known to be good
	heard  map[bot.Event]bool
	// services of the file; nil: the one of the desk.
	services []deploy.Service
	edit     func(p *deploy.Pipeline)                       // what else the file says
	compare  func(base, head bot.SHA) ([]bot.Commit, error) // nil: nothing is between
}

func newStreet() *street {
	k := newDesk()
	for n := 1; n <= 3; n++ {
		k.changes[n] = openChange(n, teaSHA(n))
		k.pushed[teaSHA(n)] = teaTime.Add(-time.Hour)
	}
	return &street{desk: k, now: teaTime, heard: map[bot.Event]bool{}}
}

func (x *street) Observe(_ context.Context, o bot.StageOrder) (bot.Observation, error) {
	return bot.Observation{State: bot.StagePlaced, SHA: o.SHA, Weight: o.Weight}, nil
}

func (x *street) Windows(_ context.Context, q bot.Query) ([]bot.Window, error) {
	w := bot.Window{From: q.From, To: q.To, CanaryBad: 20, CanaryTotal: 2000, StableBad: 200, StableTotal: 20000}
	if x.bad {
		w.CanaryBad = 900
	}
	return []bot.Window{w}, nil
}

// Compare is asked for what a release ships.
func (x *street) Compare(_ context.Context, _ bot.RepoRef, base, head bot.SHA) ([]bot.Commit, error) {
	if x.compare == nil {
		return nil, nil
	}
	return x.compare(base, head)
}

func (x *street) handlers() *Handlers {
	h := x.desk.handlers()
	h.Stages, h.Production, h.GitHub = x, x, x
	h.Read = func([]byte) (Settings, []bot.Mistake) {
		s := teaSettings()
		p := &s.Pipeline
		if x.services != nil {
			p.Services = x.services
		}
		p.Stages[0].Name, p.Stages[0].Environment = "canary", "production"
		p.Stages[0].Steps = []deploy.WeightStep{{Weight: 5, For: 5 * time.Minute}, {Weight: 25, For: 5 * time.Minute, Ask: true}}
		p.Stages[1].After = []deploy.After{{Stage: "canary"}}
		p.Sources, p.Metrics = []string{"prom"}, []deploy.Metric{{Name: "errors", Floor: 1.1, Margin: 2}}
		p.Judge = deploy.Judge{Window: time.Minute, FalseBlame: 0.01, FalsePromote: 0.05, MaxWait: 45 * time.Minute, MinWindows: 3}
		if x.edit != nil {
			x.edit(p)
		}
		p.Stages = deploy.MarkProduction(p.Stages)
		return s, nil
	}
	return h
}

// moves follows the traffic: where nobody knows, it counts as moved.
func (x *street) moves(e bot.Event) {
	s, ok := e.(bot.StageSettled)
	if !ok || x.heard[s] {
		return
	}
	x.heard[s] = true
	switch {
	case s.Verb == "start" && s.Outcome != bot.Failed:
		x.away = s.Rollout
	case (s.Verb == "finish" || s.Verb == "abort") && s.Outcome == bot.Done:
		x.away = ""
	}
}

func (x *street) tell(t testing.TB, e bot.Event) bot.Plan {
	x.moves(e)
	var all bot.Plan
	for _, h := range x.handlers().All() {
		plan, _, err := h.Handle(context.Background(), bot.Delivery[bot.Event]{ID: fmt.Sprint(x.now.UnixNano()), At: x.now, Event: e})
		if err != nil {
			t.Fatalf("%s: %v", h.Name, err)
		}
		all.Join(plan)
	}
	x.keep(t, all)
	x.timers, x.facts = append(x.timers, all.Timers...), append(x.facts, all.Facts...)
	effects := append(slices.Clone(all.Effects), all.Answers...)
	x.done = append(x.done, effects...)
	for _, e := range effects {
		if s, ok := e.(bot.Settling); ok {
			x.asks = append(x.asks, s.Settled(bot.Done, ""))
		}
	}
	return all
}

func (x *street) says(t testing.TB, number int, text string) bot.Plan {
	x.now = x.now.Add(time.Second)
	return x.tell(t, bot.CommandGiven{
		From: bot.FromComment, By: bot.Person{Login: "ann"}, Text: text, At: x.now, Comment: x.now.UnixNano(), Ref: bot.ChangeRef{Repo: tea, Number: number},
	})
}

// pass lets time go by: executors answer and timers ring, in order.
func (x *street) pass(t testing.TB, d time.Duration) {
	end := x.now.Add(d)
	for {
		for len(x.asks) > 0 {
			e := x.asks[0]
			x.asks = x.asks[1:]
			x.tell(t, e)
		}
		slices.SortStableFunc(x.timers, func(a, b bot.Timer) int { return a.At.Compare(b.At) })
		if len(x.timers) == 0 || x.timers[0].At.After(end) {
			x.now = end
			return
		}
		timer := x.timers[0]
		x.timers = x.timers[1:]
		if timer.At.After(x.now) {
			x.now = timer.At
		}
		x.tell(t, timer.Event)
	}
}

// place is the environment that the pipeline leads to.
func (x *street) place() string {
	s, _ := x.handlers().Read(nil)
	return s.Pipeline.Goal()
}

func (x *street) slot(t testing.TB) (deploy.Slot, []deploy.Rollout) {
	var slot deploy.Slot
	if _, err := x.Doc(context.Background(), "slot/"+deploy.SlotKey(tea, "tea", x.place()), &slot); err != nil {
		t.Fatal(err)
	}
	var running []deploy.Rollout
	for key, body := range x.docs {
		var r deploy.Rollout
		if strings.HasPrefix(key, "rollout/") {
			if err := json.Unmarshal(body, &r); err != nil {
				t.Fatal(err)
			}
			if len(r.Claims()) > 0 {
				running = append(running, r)
			}
		}
	}
	return slot, running
}

func TestTheWholeWay(t *testing.T) {
	x := newStreet()
	x.says(t, 1, "/deploy production")
	if s, _ := x.slot(t); s.Count != 0 {
		t.Fatal("production came before canary")
	}
	x.says(t, 1, "/deploy")
	x.pass(t, 10*time.Minute)
	if _, running := x.slot(t); len(running) != 1 || running[0].State != deploy.Waiting || !strings.Contains(running[0].Why, "nothing is known to have run") {
		t.Fatalf("the first canary of all: %+v", running)
	}
	x.says(t, 1, "/promote")
	x.pass(t, 10*time.Minute)
	x.says(t, 1, "/promote") // its second step asks
	x.says(t, 1, "/promote") // and it rests
	x.pass(t, 10*time.Minute)
	s, running := x.slot(t)
	if s.Live == nil || s.Live.Release.SHA != teaSHA(1) || len(running) != 0 {
		t.Fatalf("after promotion: %+v, %+v", s, running)
	}
	x.says(t, 2, "/deploy canary")
	x.pass(t, 15*time.Minute)
	if _, running := x.slot(t); running[0].State != deploy.Waiting || running[0].Weight() != 25 {
		t.Fatalf("a judged canary: %+v", running)
	}
	x.bad = true
	x.pass(t, 10*time.Minute)
	if s, running := x.slot(t); len(running) != 0 || !s.IsBad(teaSHA(2)) || s.Live.Release.SHA != teaSHA(1) || s.Dirty != "" {
		t.Fatalf("after harm: %+v, %+v", s, running)
	}
	if plan := x.says(t, 2, "/deploy canary"); len(orders(plan)) != 0 {
		t.Error("what production rejected is brought there again")
	}
}

func TestRollbackOfWhatIsLive(t *testing.T) {
	x := newStreet()
	for n := 1; n <= 2; n++ {
		x.live(t, n)
	}
	plan := x.says(t, 2, "/rollback production")
	if got := orders(plan); len(got) != 1 || got[0].SHA != teaSHA(1) || got[0].Weight != 100 {
		t.Fatalf("it brings back %+v: %s", got, answer(plan))
	}
	x.pass(t, time.Minute)
	if s, running := x.slot(t); s.Live.Release.SHA != teaSHA(1) || !s.IsBad(teaSHA(2)) || s.IsBad(teaSHA(1)) || len(running) != 0 {
		t.Errorf("after the rollback: %+v, %+v", s, running)
	}
	if plan := x.says(t, 1, "/rollback production"); len(orders(plan)) != 0 || !strings.Contains(answer(plan), "nothing to go back to") {
		t.Errorf("it goes back further: %+v, %s", orders(plan), answer(plan))
	}
}

// Whatever people and production do: one rollout at a time works on the slot,
// the slot knows it, and in the end it comes to rest.
func TestOneAtATime(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := newStreet()
		for range rapid.IntRange(1, 15).Draw(rt, "deeds") {
			switch deed := rapid.SampledFrom([]string{"/deploy canary", "/deploy canary", "/deploy production", "/promote", "/promote", "/rollback", "/abort", "/status", "turn", "fail", "again"}).Draw(rt, "deed"); deed {
			case "turn":
				x.bad = !x.bad
			case "fail":
				if len(x.asks) > 0 {
					x.fail(rapid.SampledFrom([]bot.Outcome{bot.Failed, bot.InDoubt}).Draw(rt, "outcome"))
				}
			case "again":
				x.asks = append(x.asks, x.asks...)
			default:
				x.says(t, rapid.IntRange(1, 3).Draw(rt, "change"), deed)
			}
			x.one(rt, t)
			if rapid.Bool().Draw(rt, "wait") {
				x.pass(t, time.Duration(rapid.IntRange(1, 600).Draw(rt, "seconds"))*time.Second)
				x.one(rt, t)
			}
		}
		x.pass(t, 5*time.Hour)
		if _, running := x.slot(t); len(running) != 0 {
			rt.Fatalf("after five hours there is still %s: %s", running[0].State, running[0].Why)
		}
	})
}

// fail lets what is settled next end otherwise; told again, it ended the same.
func (x *street) fail(o bot.Outcome) {
	was := x.asks[0]
	e := was.(bot.StageSettled)
	e.Outcome = o
	for i := range x.asks {
		if x.asks[i] == was {
			x.asks[i] = e
		}
	}
}

func (x *street) one(rt *rapid.T, t testing.TB) {
	slot, running := x.slot(t)
	switch {
	case len(running) > 1:
		rt.Fatalf("%s and %s hold one slot", running[0].ID, running[1].ID)
	case len(running) == 1 && running[0].ID != slot.Running, len(running) == 0 && slot.Running != "":
		rt.Fatalf("the slot says %q, and there are %+v", slot.Running, running)
	case x.away != "" && len(running) == 0 && slot.Dirty == "":
		rt.Fatalf("%s has traffic, and nobody is in charge of it", x.away)
	case slot.Live != nil && slot.Live.Release.SHA == "":
		rt.Fatalf("nothing is live: %+v", slot)
	}
}

// A promotion that cannot start goes back at once: else the canary would keep
// its traffic with nobody in charge, and a rollback would take back what was
// good before it.
func TestAPromotionThatCannotStart(t *testing.T) {
	x := newStreet()
	x.live(t, 1)
	x.says(t, 2, "/deploy canary")
	for range 2 {
		x.pass(t, 15*time.Minute)
		x.says(t, 2, "/promote")
	}
	e := x.asks[len(x.asks)-1].(bot.StageSettled)
	e.Outcome, e.Detail = bot.Failed, "the deploy target answers 422"
	x.asks[len(x.asks)-1] = e
	canary := x.away
	plan := x.tell(t, x.asks[0])
	x.asks = x.asks[1:]
	abort, ok := plan.Answers[slices.IndexFunc(plan.Answers, func(e bot.Effect) bool { return e.Kind() == "stage.abort" })].(bot.AbortStage)
	if !ok || canary == "" || abort.Order.Over != canary {
		t.Fatalf("it takes back %+v, and %q has the traffic", abort.Order, canary)
	}
	x.pass(t, time.Minute)
	if s, running := x.slot(t); x.away != "" || len(running) != 0 || s.Dirty != "" || s.IsBad(teaSHA(1)) || s.Live.Release.SHA != teaSHA(1) {
		t.Errorf("after it: %+v, %+v", s, running)
	}
	if ended, _, _ := x.handlers().rollout(context.Background(), e.Rollout); ended.State != deploy.RolledBack || !strings.Contains(ended.Why, "could not start: the deploy target answers 422") {
		t.Errorf("it is %s: %s", ended.State, ended.Why)
	}
}

// live brings a change to production.
func (x *street) live(t testing.TB, n int) {
	x.liveAt(t, n, "")
	if s, _ := x.slot(t); s.Live == nil || s.Live.Release.SHA != teaSHA(n) {
		t.Fatalf("#%d is not live: %+v", n, s)
	}
}

// liveAt brings a change to production; of several services, of the one named.
func (x *street) liveAt(t testing.TB, n int, service string) {
	x.says(t, n, "/deploy "+service+"canary")
	for range 4 {
		x.pass(t, 10*time.Minute)
		x.says(t, n, "/promote")
	}
	x.pass(t, 10*time.Minute)
}
