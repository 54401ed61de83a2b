package deploy

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// home is a probe beside the errors; armed, it has an address for each arm.
func home(armed bool) Metric {
	p := Probe{URL: "https://shop.example.com/health", Every: 10 * time.Second, Status: 200, Under: time.Second, Allow: 0.05}
	if armed {
		p.URL = "https://{{ .Arm }}.shop.example.com/health"
	}
	return Metric{Name: "probe home", Class: "primary", Probe: &p}
}

func probed(t *testing.T, metrics ...Metric) *run {
	w := watched()
	w.Metrics = metrics
	if metrics[0].Probe != nil {
		w.Sources = nil // probes need none
	}
	s := canary()
	s.Steps[0].For = time.Hour
	return started(t, s, w, older).placed()
}

// try tells of one try of each arm, ten seconds later.
func (x *run) try(canaryBad, stableBad float64) *run {
	x.t.Helper()
	from := x.now
	x.now = x.now.Add(10 * time.Second)
	w := bot.Window{From: from, To: x.now, CanaryTotal: 1, CanaryBad: canaryBad, StableTotal: 1, StableBad: stableBad}
	if !x.r.Watch.Metrics[len(x.r.Watch.Metrics)-1].Probe.Armed() {
		w.StableTotal, w.StableBad = 0, 0
	}
	return x.tell(Looked{Windows: map[string][]bot.Window{"probe home": {w}}})
}

func TestAProbeThatFailsTakesTheReleaseBack(t *testing.T) {
	for _, armed := range []bool{true, false} {
		x := probed(t, home(armed))
		x.try(0, 0).try(1, 0).try(1, 0).want(Watching)
		for range 3 {
			if x.r.State == Watching {
				x.try(1, 0)
			}
		}
		x.want(Returning)
		if !x.r.Blamed || !strings.Contains(x.r.Why, "probe home failed") || !strings.Contains(x.r.Why, "5 % of them may") {
			t.Errorf("blamed %v: %s", x.r.Blamed, x.r.Why)
		}
	}
}

// What both arms fail is nobody's evidence, and no reason to go on either.
func TestAProbeThatBothArmsFail(t *testing.T) {
	x := probed(t, home(true))
	for range 60 {
		x.try(1, 1)
	}
	x.want(Watching)
	if v := x.r.Verdict(); v.Passes() || v.Fails() || v.Findings[0].Verdict.StableBad != 60 {
		t.Errorf("%+v", v.Findings[0].Verdict)
	}
}

// A healthy probe of the canary lets it go on; one of what everybody sees
// does not, for it says little of the canary.
func TestWhatAHealthyProbeShows(t *testing.T) {
	for _, armed := range []bool{true, false} {
		x := probed(t, home(armed))
		for range 40 {
			x.try(0, 0)
		}
		if v := x.r.Verdict(); v.Passes() != armed || v.Fails() || v.Findings[0].Verdict.Outcome != "pass" {
			t.Errorf("armed %v: passes %v, %+v", armed, v.Passes(), v.Findings[0].Verdict)
		}
	}
}

// What is missing never passes, and is said until the probe answers again;
// what another metric sees meanwhile does not end it.
func TestAProbeWithoutAnswers(t *testing.T) {
	x := probed(t, watched().Metrics[0], home(true))
	x.tell(Looked{Windows: map[string][]bot.Window{"probe home": {{To: x.now, Missing: "the canary: its host has no address"}}}})
	x.look(healthy())
	if x.r.Watch.Trouble != "the canary: its host has no address" {
		t.Errorf("trouble %q", x.r.Watch.Trouble)
	}
	x.tell(Looked{Windows: map[string][]bot.Window{"probe home": nil}, Err: "probe: not on the list"})
	if x.r.Watch.Trouble != "probe: not on the list" || x.r.Verdict().Passes() {
		t.Errorf("trouble %q", x.r.Watch.Trouble)
	}
	x.try(0, 0)
	if x.r.Watch.Trouble != "" {
		t.Errorf("trouble %q", x.r.Watch.Trouble)
	}
}

// Each is asked at its own pace.
func TestProbesAreAskedMoreOften(t *testing.T) {
	x := probed(t, watched().Metrics[0], home(true))
	asks := map[string]int{}
	for range 18 {
		x.now = x.now.Add(10 * time.Second)
		in := Looked{Windows: map[string][]bot.Window{}}
		for name, q := range x.r.Queries(x.now) {
			asks[name]++
			in.Windows[name] = []bot.Window{{From: q.From, To: q.To, CanaryTotal: 1, StableTotal: 1}}
			if p := q.Probe; p != nil && (p.Canary != "https://canary.shop.example.com/health" || p.Stable != "https://stable.shop.example.com/health" || p.Status != 200) {
				t.Errorf("%+v", p)
			}
		}
		x.tell(in)
		if next := x.last.Timers[len(x.last.Timers)-1].At.Sub(x.now); next != 10*time.Second {
			t.Errorf("the next look is in %v", next)
		}
	}
	if asks["probe home"] != 18 || asks["errors"] != 3 {
		t.Errorf("in three minutes it asks %v", asks)
	}
}
