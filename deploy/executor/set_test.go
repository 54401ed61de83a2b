package executor_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/dial"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
	"github.com/roundtrip-bot/roundtrip/deploy/executor/executortest"
)

func ours(r bot.RepoName) bool { return r == "acme/shop" }

func newSet(t *testing.T, w *world) *executor.Set {
	t.Helper()
	s, err := executor.New([]executor.Endpoint{
		{Name: "shop-cd", Kind: "http", URL: w.url, Secret: secret, MayUse: ours},
		{Name: "nobodys", Kind: "http", URL: w.url, Secret: secret},
	}, executor.Options{Now: w.Now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func named(name string, repo bot.RepoName) bot.StageOrder {
	o := executortest.Order(1, 1)
	o.Executor, o.Repo.Name = bot.ExecutorRef{Kind: "http", Name: name}, repo
	return o
}

func TestPerformersCarryARolloutThrough(t *testing.T) {
	w := newWorld(t)
	s := newSet(t, w)
	by := map[string]executor.Performer{}
	for _, p := range s.All() {
		by[p.Kind()] = p
	}
	perform := func(e bot.Effect) {
		t.Helper()
		r, err := by[e.Kind()].Perform(t.Context(), bot.Job{Effect: e, Attempt: 1})
		if err != nil || r.ID != "7/42/shop/production/1" {
			t.Errorf("%s: %+v, %v", e.Kind(), r, err)
		}
	}
	o := named("shop-cd", "acme/shop")
	perform(bot.StartStage{Order: o})
	settling{w}.Settle()
	if seen, err := s.Observe(t.Context(), o); err != nil || seen.State != bot.StagePlaced || seen.URL != "https://shop.example.com" {
		t.Errorf("%+v, %v", seen, err)
	}
	o.Weight = 50
	perform(bot.SetWeight{Order: o})
	if _, weight := w.Canary(); weight != 50 {
		t.Errorf("%d %%", weight)
	}
	perform(bot.AbortStage{Order: o})
	if sha, _ := w.Canary(); sha != "" {
		t.Error("the canary is still there")
	}
	if _, err := by["stage.finish"].Perform(t.Context(), bot.Job{Effect: bot.FinishStage{Order: o}}); !errors.As(err, &bot.Permanent{}) {
		t.Errorf("finish what is aborted: %v", err)
	}
	for kind, p := range by {
		if _, err := p.Perform(t.Context(), bot.Job{Effect: bot.Whisper{}}); !errors.As(err, &bot.Permanent{}) {
			t.Errorf("%s was given a whisper: %v", kind, err)
		}
	}
}

func TestAnInterruptedStartIsConfirmed(t *testing.T) {
	w := newWorld(t)
	starter := newSet(t, w).All()[0]
	asked, ok := starter.(interface {
		Confirm(context.Context, bot.Order) (bot.Receipt, bool, error)
	})
	if !ok {
		t.Fatal("a start cannot be confirmed")
	}
	start := bot.StartStage{Order: named("shop-cd", "acme/shop")}
	w.Unavailable(1)
	if _, done, err := asked.Confirm(t.Context(), start); done || err == nil || errors.As(err, &bot.Permanent{}) {
		t.Errorf("not available: %v, %v", done, err)
	}
	if _, done, err := asked.Confirm(t.Context(), start); done || err != nil {
		t.Errorf("never started: %v, %v", done, err)
	}
	w.LoseAnswers(1)
	_, _ = starter.Perform(t.Context(), bot.Job{Effect: start}) // done, whatever it says
	w.LoseAnswers(0)
	if r, done, err := asked.Confirm(t.Context(), start); !done || err != nil || r.ID != start.Order.Key {
		t.Errorf("started: %v, %v", done, err)
	}
}

func TestWhoMayUseWhat(t *testing.T) {
	s := newSet(t, newWorld(t))
	for _, c := range []struct {
		name string
		repo bot.RepoName
		says []string
	}{
		{"shop-cd", "evil/shop", []string{"evil/shop may not use", `"shop-cd"`, "endpoints.shop-cd.repositories"}},
		{"nobodys", "acme/shop", []string{"may not use", "nobodys"}},
		{"shop-dc", "acme/shop", []string{`no http executor "shop-dc"`, "http: shop-cd"}},
		{"shop-dc", "evil/shop", []string{"none yet"}},
	} {
		_, err := s.Observe(t.Context(), named(c.name, c.repo))
		if !errors.As(err, &bot.Permanent{}) {
			t.Errorf("%s by %s: %v", c.name, c.repo, err)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not say %q", err, part)
			}
		}
	}
}

func TestMistakesOfEndpointsAreToldAtOnce(t *testing.T) {
	good := executor.Endpoint{Name: "good", Kind: "http", URL: "https://cd.example.com", Secret: secret}
	bad := func(name string, change func(*executor.Endpoint)) executor.Endpoint {
		e := good
		e.Name = name
		change(&e)
		return e
	}
	_, err := executor.New([]executor.Endpoint{
		good, good,
		bad("unknown", func(e *executor.Endpoint) { e.Kind = "teleport" }),
		bad("relative", func(e *executor.Endpoint) { e.URL = "/deploy" }),
		bad("user", func(e *executor.Endpoint) { e.URL = "https://me:hunter2@cd.example.com" }),
		bad("query", func(e *executor.Endpoint) { e.URL = "https://cd.example.com?token=hunter2" }),
		bad("unsigned", func(e *executor.Endpoint) { e.Secret = "" }),
	}, executor.Options{})
	for _, name := range []string{"good: is defined twice", "unknown", "relative", "user", "query", "unsigned"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not say %s", err, name)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Error("a secret is in the error")
	}
}

func TestTheTableIsInOrder(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range executor.Kinds() {
		if k.Name == "" || k.Doc == "" || k.New == nil || seen[k.Name] {
			t.Errorf("%+v", k)
		}
		seen[k.Name] = true
		if _, err := k.New(executor.Endpoint{}, executor.Options{}); err == nil {
			t.Errorf("%s is made of nothing", k.Name)
		}
	}
}

// Who finds no place among those that wait for an executor asks it nothing.
func TestAnOrderWaitsForAPlace(t *testing.T) {
	w := newWorld(t)
	places := dial.NewPlaces(1, 2)
	s, err := executor.New([]executor.Endpoint{{Name: "shop-cd", Kind: "http", URL: w.url, Secret: secret, MayUse: ours}}, executor.Options{Now: w.Now, Enter: places.Enter})
	if err != nil {
		t.Fatal(err)
	}
	leave, err := places.Enter("executor shop-cd")
	if err != nil {
		t.Fatal(err)
	}
	o := named("shop-cd", "acme/shop")
	start := bot.Job{Effect: bot.StartStage{Order: o}}
	if _, err := s.All()[0].Perform(t.Context(), start); !errors.As(err, &bot.RetryAfter{}) || w.Started(o.Key) != 0 {
		t.Errorf("without a place: %v", err)
	}
	for _, p := range s.All() { // what takes back needs none
		if _, err := p.Perform(t.Context(), bot.Job{Effect: bot.AbortStage{Order: o}}); p.Kind() == (bot.AbortStage{}).Kind() && errors.As(err, &bot.RetryAfter{}) {
			t.Errorf("an abort waits for a place: %v", err)
		}
	}
	leave()
	for range 2 { // each gives its place back
		if _, err := s.All()[0].Perform(t.Context(), start); err != nil || w.Started(o.Key) != 1 {
			t.Errorf("with a place: %v", err)
		}
	}
}
