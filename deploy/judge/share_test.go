package judge

import (
	"math"
	"math/rand"
	"testing"

	"pgregory.net/rapid"
)

func usualShare() ShareSetting {
	return ShareSetting{Allow: 0.05, Limit: 0.2, Alpha: 0.01, Beta: 0.05, MinBad: 3, MinSeen: 3}
}

// tried makes windows of one try each: x failed.
func tried(outcomes string) (list []Tries) {
	for _, o := range outcomes {
		w := Tries{Total: 1}
		if o == 'x' {
			w.Bad = 1
		}
		list = append(list, w)
	}
	return list
}

func TestShares(t *testing.T) {
	for outcomes, want := range map[string]Outcome{
		"": Unknown, "xx": Unknown, "xxx": Fail, "x......................": Unknown,
		"..........": Unknown, "...................": Pass, "xxx..........................................": Fail,
		"...................xxx": Unknown, "...................xxxxxxx": Fail,
	} {
		if v := Share(tried(outcomes), usualShare()); v.Outcome != want {
			t.Errorf("%q: %s, E = %v, safe %v; want %s", outcomes, v.Outcome, v.E(), math.Exp(v.LogSafe), want)
		}
	}
	for _, s := range []ShareSetting{{}, {Allow: 0.2, Limit: 0.1, Alpha: 0.01, Beta: 0.05}, {Allow: 0.1, Limit: 1, Alpha: 0.01, Beta: 0.05}, {Allow: math.NaN(), Limit: 0.2, Alpha: 0.01, Beta: 0.05}} {
		if v := Share(tried("xxxxxxxx"), s); v.Outcome != Unknown || v.Trouble == "" {
			t.Errorf("%+v: %+v", s, v)
		}
	}
	for _, w := range []Tries{{Total: 1, Bad: 2}, {Total: math.NaN()}, {Total: -1}, {Total: math.Inf(1)}} {
		if v := Share(append(tried("..................................."), w), usualShare()); v.Outcome != Unknown || v.Trouble == "" {
			t.Errorf("%+v: %+v", w, v)
		}
	}
}

// How tries are put together into windows does not change the evidence.
func TestSharesDoNotDependOnWindows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bad, good := rapid.IntRange(0, 30).Draw(t, "bad"), rapid.IntRange(0, 100).Draw(t, "good")
		var apart []Tries
		for i := range bad + good {
			w := Tries{Total: 1}
			if i < bad {
				w.Bad = 1
			}
			apart = append(apart, w)
		}
		a, b := Share(apart, usualShare()), Share([]Tries{{Total: float64(bad + good), Bad: float64(bad)}}, usualShare())
		if math.Abs(a.LogE-b.LogE) > 1e-9*max(1, math.Abs(a.LogE)) {
			t.Errorf("%v apart, %v together", a.LogE, b.LogE)
		}
	})
}

// decided runs rollouts of so many tries, looks after each, and says how often
// it ever came to an outcome.
func decided(seed int64, runs, tries int, p float64, want Outcome) float64 {
	chance, n := rand.New(rand.NewSource(seed)), 0
	for range runs {
		windows := make([]Tries, 0, tries)
		harm, safe, bad := newBets(0.05, harmShares(0.05)), newBets(0.2, []float64{0.005, 0.025, 0.05}), 0.0
		for range tries {
			w := Tries{Total: 1}
			if chance.Float64() < p {
				w.Bad, bad = 1, bad+1
			}
			windows = append(windows, w)
			harm.add(w)
			safe.add(w)
			hit := want == Fail && bad >= 3 && harm.log() >= math.Log(100) || want == Pass && safe.log() >= math.Log(20)
			if hit && Share(windows, usualShare()).Outcome == want {
				n++
				break
			}
		}
	}
	return float64(n) / float64(runs)
}

// TestShareErrorsAreBounded: with a look after every try, what is allowed is
// blamed, and what is at the limit passes, as seldom as was asked; the slack
// is four standard errors of 5,000 rollouts. Real harm is seen.
func TestShareErrorsAreBounded(t *testing.T) {
	const runs, tries = 5000, 240
	slack := func(p float64) float64 { return p + 4*math.Sqrt(p*(1-p)/runs) }
	for _, p := range []float64{0.05, 0.04, 0.01} {
		if rate := decided(1, runs, tries, p, Fail); rate > slack(0.01) {
			t.Errorf("a share of %v is blamed in %v of all rollouts", p, rate)
		}
	}
	for _, p := range []float64{0.2, 0.3} {
		if rate := decided(2, runs, tries, p, Pass); p == 0.2 && rate > slack(0.05) || p > 0.2 && rate > slack(0.05)/2 {
			t.Errorf("a share of %v passes in %v of all rollouts", p, rate)
		}
	}
	if rate := decided(3, runs, tries, 0.3, Fail); rate < 0.99 {
		t.Errorf("six times what is allowed is seen in %v of all rollouts", rate)
	}
	if rate := decided(4, runs, tries, 0.01, Pass); rate < 0.99 {
		t.Errorf("what is healthy passes in %v of all rollouts", rate)
	}
}
