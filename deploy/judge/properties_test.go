package judge

import (
	"math"
	"math/rand"
	"testing"

	"pgregory.net/rapid"
)

func usual() Setting {
	return Setting{Floor: 1.1, Margin: 2, Phi: 1, Alpha: 0.01, Beta: 0.05, MinWindows: 10}
}

func windowsGen() *rapid.Generator[[]Counts] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Counts {
		c, s := float64(rapid.IntRange(0, 1000).Draw(t, "canary")), float64(rapid.IntRange(0, 10000).Draw(t, "stable"))
		return Counts{
			CanaryTotal: c, StableTotal: s,
			CanaryBad: float64(rapid.IntRange(0, int(c)).Draw(t, "bad")), StableBad: float64(rapid.IntRange(0, int(s)).Draw(t, "bad of stable")),
		}
	}), 0, 40)
}

// The unit in which traffic is counted does not matter, only its split does.
func TestUnitInvariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		windows := windowsGen().Draw(t, "windows")
		k := math.Pow(10, float64(rapid.IntRange(0, 9).Draw(t, "k")))
		scaled := make([]Counts, len(windows))
		for i, w := range windows {
			scaled[i] = Counts{CanaryTotal: w.CanaryTotal * k, StableTotal: w.StableTotal * k, CanaryBad: w.CanaryBad, StableBad: w.StableBad}
		}
		a, b := Judge(windows, usual()), Judge(scaled, usual())
		if math.Abs(a.LogE-b.LogE) > 1e-9*max(1, math.Abs(a.LogE)) || a.FailedAt != b.FailedAt {
			t.Errorf("×%g: %+v became %+v", k, a, b)
		}
	})
}

// Swapping the arms turns each ratio upside down and changes no evidence.
func TestSwapInvariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		null, alt := rapid.Float64Range(0.1, 10).Draw(t, "null"), rapid.Float64Range(0.1, 10).Draw(t, "alternative")
		for _, w := range windowsGen().Draw(t, "windows") {
			if w.CanaryTotal == 0 || w.StableTotal == 0 {
				continue
			}
			swapped := Counts{CanaryTotal: w.StableTotal, StableTotal: w.CanaryTotal, CanaryBad: w.StableBad, StableBad: w.CanaryBad}
			a, b := logFactor(w, null, alt), logFactor(swapped, 1/null, 1/alt)
			if math.Abs(a-b) > 1e-9*max(1, w.CanaryBad+w.StableBad) {
				t.Errorf("%+v: %v, swapped %v", w, a, b)
			}
			l, h := Interval(w.CanaryBad, w.CanaryTotal, w.StableBad, w.StableTotal)
			sl, sh := Interval(w.StableBad, w.StableTotal, w.CanaryBad, w.CanaryTotal)
			if math.Abs(math.Log(l)+math.Log(sh)) > 1e-9 || math.Abs(math.Log(h)+math.Log(sl)) > 1e-9 {
				t.Errorf("%+v: %v to %v, swapped %v to %v", w, l, h, sl, sh)
			}
		}
	})
}

// How finely time is cut does not matter while the split of the traffic stays.
func TestRechunking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		share := rapid.Float64Range(0.001, 0.9).Draw(t, "share")
		var fine, coarse []Counts
		for range rapid.IntRange(1, 20).Draw(t, "coarse windows") {
			var sum Counts
			for range rapid.IntRange(1, 6).Draw(t, "fine windows") {
				n := float64(rapid.IntRange(1, 10000).Draw(t, "events"))
				w := Counts{CanaryTotal: n * share, StableTotal: n * (1 - share)}
				w.CanaryBad, w.StableBad = float64(rapid.IntRange(0, int(w.CanaryTotal)).Draw(t, "bad")), float64(rapid.IntRange(0, int(min(w.StableTotal, 50))).Draw(t, "bad of stable"))
				fine = append(fine, w)
				sum = Counts{sum.CanaryTotal + w.CanaryTotal, sum.StableTotal + w.StableTotal, sum.CanaryBad + w.CanaryBad, sum.StableBad + w.StableBad}
			}
			coarse = append(coarse, sum)
		}
		a, b := Judge(fine, usual()), Judge(coarse, usual())
		if math.Abs(a.LogE-b.LogE) > 1e-9*max(1, math.Abs(a.LogE)) || math.Abs(a.LogSafe-b.LogSafe) > 1e-9*max(1, math.Abs(a.LogSafe)) {
			t.Errorf("log E %v and %v", a.LogE, b.LogE)
		}
	})
}

// Whatever comes in, what comes out can be printed; a failure is for good; and
// counts that are none never pass.
func TestStrangersNumbers(t *testing.T) {
	odd := rapid.OneOf(rapid.Float64(), rapid.Float64Range(0, 1000), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), -1, 0, 5e-324, 1 << 53}))
	rapid.Check(t, func(t *rapid.T) {
		windows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Counts {
			return Counts{odd.Draw(t, "nc"), odd.Draw(t, "ns"), odd.Draw(t, "bc"), odd.Draw(t, "bs")}
		}), 0, 20).Draw(t, "windows")
		failed := false
		for i := range windows {
			v := Judge(windows[:i+1], usual())
			for _, n := range []float64{v.Ratio, v.Low, v.High, v.LogE, v.Peak, v.LogSafe, v.Has, v.Needs, v.E()} {
				if math.IsNaN(n) || math.IsInf(n, 0) {
					t.Fatalf("cannot be printed: %+v", v)
				}
			}
			if v.Trouble != "" && v.Outcome == Pass || v.Windows == 0 && v.Outcome != Unknown || failed && v.Outcome != Fail {
				t.Fatalf("%+v", v)
			}
			failed = v.Outcome == Fail
		}
	})
}

func poisson(r *rand.Rand, mean float64) float64 {
	n, p, limit := 0.0, r.Float64(), math.Exp(-mean)
	for p > limit {
		n, p = n+1, p*r.Float64()
	}
	return n
}

// canaries plays n rollouts of an hour: 100 requests a second, 5 % of them on
// the canary, 0.2 % bad on stable and ratio times that on the canary. It says
// how many failed, and how many were found safe at any look.
func canaries(n int, ratio float64) (failed, passed int) {
	r := rand.New(rand.NewSource(20260907))
	s := usual()
	for range n {
		harm, safe := newEvidence(s.Floor, 1, harmGrid(s.Floor)), newEvidence(s.Margin, 1, safeGrid())
		var bad, good bool
		for range 60 {
			w := Counts{CanaryTotal: 300, StableTotal: 5700, CanaryBad: poisson(r, 0.6*ratio), StableBad: poisson(r, 11.4)}
			harm.add(w)
			safe.add(w)
			bad, good = bad || harm.log() >= -math.Log(s.Alpha), good || safe.log() >= -math.Log(s.Beta)
		}
		if bad {
			failed++
		}
		if good {
			passed++
		}
	}
	return failed, passed
}

func TestErrorsAreBounded(t *testing.T) {
	if failed, passed := canaries(2000, 1); failed > 20 || passed < 1900 {
		t.Errorf("of 2000 healthy canaries %d were blamed and %d found safe", failed, passed)
	}
	if failed, _ := canaries(2000, 1.1); failed > 20 {
		t.Errorf("of 2000 canaries at the floor %d were blamed", failed)
	}
	if _, passed := canaries(2000, 2); passed > 100 {
		t.Errorf("of 2000 canaries at the margin %d were found safe", passed)
	}
	if failed, _ := canaries(2000, 3); failed < 1990 {
		t.Errorf("of 2000 canaries three times as bad only %d were found", failed)
	}
}
