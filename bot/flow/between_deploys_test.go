package flow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
)

// TestTimeBetweenDeploys: p50 and p85 of the gaps by R-7, the first of them
// from the week before. Of 4, 6, 10, 20 and 40 h the median is the third, and
// p85 lies 0.85·4 = 3.4 steps from the first: 20 + 0.4·20 = 28 h.
func TestTimeBetweenDeploys(t *testing.T) {
	s := new(story)
	for i, h := range []float64{-20, 20, 26, 30, 40, 60, 168} { // the last is in the next week
		s.live(string(rune('a'+i)), string(rune('a'+i)), h, nil)
	}
	r := s.report().Result("between_deploys")
	for name, want := range map[string]float64{"median": 10, "p85": 28, "mean": 16} {
		if f, ok := r.Figure(name); !ok || f.Value < want-1e-9 || f.Value > want+1e-9 || f.N != 5 || f.Unit != "hours" {
			t.Errorf("%s: %+v, want %v", name, f, want)
		}
	}
	if r.N != 5 || r.Line != "median 10 h, 85 % within 28 h" || len(r.Excluded) != 0 {
		t.Errorf("%+v", r)
	}
}

// TestGapsAreOfOneServiceInOneEnvironment: others' deployments end no gap, and
// the very first has none.
func TestGapsAreOfOneServiceInOneEnvironment(t *testing.T) {
	s := new(story)
	for i, d := range []struct {
		service, environment string
		at                   float64
	}{{"shop", "production", 1}, {"shop", "staging", 2}, {"api", "production", 3}, {"shop", "production", 6}, {"api", "production", 10}} {
		s.learn("release.live", d.at, map[string]any{"service": d.service, "environment": d.environment, "rollout": string(rune('a' + i)), "sha": string(rune('a' + i)), "kind": "deploy"})
	}
	p := goldenPeriod()
	p.Service = ""
	r := flow.New(flow.FromFacts(s.facts), p).Result("between_deploys")
	if diff := cmp.Diff([]flow.Item{{Of: "d", Value: 5}, {Of: "e", Value: 7}}, r.Items); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]flow.Count{{Why: "without one before", N: 2}}, r.Excluded); diff != "" || r.Line != "5 h, 7 h" {
		t.Error(diff, r.Line)
	}
}

// TestAServicesThreadHasItsGaps: what is the service's own is said there.
func TestAServicesThreadHasItsGaps(t *testing.T) {
	r := new(story).live("a", "a", 1, nil).live("b", "b", 5, nil).report()
	_, blocks := flow.Reply(r)
	if last := blocks[len(blocks)-1]; last.Kind != bot.Section || last.Text != "*Time between deploys*: 4 h (n=1)" {
		t.Errorf("%+v", last)
	}
}
