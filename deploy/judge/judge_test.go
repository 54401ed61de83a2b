package judge_test

import (
	"math"
	"testing"

	"github.com/roundtrip-bot/roundtrip/deploy/judge"
)

func usual() judge.Setting {
	return judge.Setting{Floor: 1.1, Margin: 2, Phi: 1, Alpha: 0.01, Beta: 0.05, MinWindows: 10}
}

// repeat is n windows of a minute at 100 requests a second, 5 % on the canary.
func repeat(n int, canaryBad, stableBad float64) []judge.Counts {
	windows := make([]judge.Counts, n)
	for i := range windows {
		windows[i] = judge.Counts{CanaryTotal: 300, StableTotal: 5700, CanaryBad: canaryBad, StableBad: stableBad}
	}
	return windows
}

func TestOutcomes(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	healthy := repeat(30, 1, 19)
	with := func(windows []judge.Counts, w judge.Counts) []judge.Counts {
		return append(append([]judge.Counts{}, windows...), w)
	}
	for name, c := range map[string]struct {
		windows []judge.Counts
		want    judge.Outcome
	}{
		"nothing at all":                        {nil, judge.Unknown},
		"as bad as stable":                      {healthy, judge.Pass},
		"better":                                {repeat(30, 0, 19), judge.Pass},
		"three times as bad":                    {repeat(30, 3, 19), judge.Fail},
		"a little worse, below the floor":       {repeat(30, 1.05, 19), judge.Pass},
		"a perfect canary, too few windows":     {repeat(9, 0, 190), judge.Unknown},
		"no errors anywhere tell nothing":       {repeat(60, 0, 0), judge.Unknown},
		"everything fails on the canary":        {repeat(1, 300, 19), judge.Fail},
		"a dependency is down for both":         {repeat(30, 300, 5700), judge.Pass},
		"failed, then healthy: stays failed":    {append(repeat(10, 10, 19), repeat(200, 0, 19)...), judge.Fail},
		"healthy, then broken":                  {append(repeat(30, 1, 19), repeat(10, 30, 19)...), judge.Fail},
		"the pass is for now, not for good":     {append(repeat(15, 1, 19), repeat(4, 3, 19)...), judge.Unknown},
		"the canary has no traffic":             {[]judge.Counts{{StableTotal: 5700, StableBad: 20}}, judge.Unknown},
		"stable has no traffic":                 {[]judge.Counts{{CanaryTotal: 300, CanaryBad: 200}}, judge.Unknown},
		"not a number":                          {with(healthy, judge.Counts{CanaryTotal: nan, StableTotal: 5700}), judge.Unknown},
		"bad is not a number":                   {with(healthy, judge.Counts{CanaryTotal: 300, StableTotal: 5700, CanaryBad: nan}), judge.Unknown},
		"infinite":                              {with(healthy, judge.Counts{CanaryTotal: inf, StableTotal: 5700}), judge.Unknown},
		"negative":                              {with(healthy, judge.Counts{CanaryTotal: 300, StableTotal: 5700, CanaryBad: -1}), judge.Unknown},
		"larger than any count":                 {with(healthy, judge.Counts{CanaryTotal: 1e300, StableTotal: 5700}), judge.Unknown},
		"bad without events":                    {with(healthy, judge.Counts{StableTotal: 5700, CanaryBad: 3}), judge.Unknown},
		"more bad than all":                     {with(healthy, judge.Counts{CanaryTotal: 300, StableTotal: 5700, CanaryBad: 400}), judge.Unknown},
		"broken counts do not hide a failure":   {with(repeat(30, 3, 19), judge.Counts{CanaryTotal: nan}), judge.Fail},
		"a reading a moment late is no trouble": {with(healthy, judge.Counts{CanaryTotal: 3, StableTotal: 5700, CanaryBad: 4}), judge.Pass},
	} {
		t.Run(name, func(t *testing.T) {
			got := judge.Judge(c.windows, usual())
			if got.Outcome != c.want {
				t.Errorf("%s, want %s: %+v", got.Outcome, c.want, got)
			}
			for _, n := range []float64{got.Ratio, got.Low, got.High, got.LogE, got.Peak, got.LogSafe, got.Has, got.E()} {
				if math.IsNaN(n) || math.IsInf(n, 0) {
					t.Errorf("a number that nobody can print: %+v", got)
				}
			}
		})
	}
}

func TestWrongSettingsNeverPass(t *testing.T) {
	nan := math.NaN()
	for name, change := range map[string]func(*judge.Setting){
		"zero":               func(s *judge.Setting) { *s = judge.Setting{} },
		"floor below 1":      func(s *judge.Setting) { s.Floor = 0.9 },
		"floor NaN":          func(s *judge.Setting) { s.Floor = nan },
		"margin under floor": func(s *judge.Setting) { s.Margin = 1.05 },
		"margin NaN":         func(s *judge.Setting) { s.Margin = nan },
		"margin endless":     func(s *judge.Setting) { s.Margin = math.Inf(1) },
		"alpha 0":            func(s *judge.Setting) { s.Alpha = 0 },
		"alpha 1":            func(s *judge.Setting) { s.Alpha = 1 },
		"beta NaN":           func(s *judge.Setting) { s.Beta = nan },
		"phi below 1":        func(s *judge.Setting) { s.Phi = 0.5 },
		"phi NaN":            func(s *judge.Setting) { s.Phi = nan },
		"far too bursty":     func(s *judge.Setting) { s.Phi = 8.1 },
	} {
		s := usual()
		change(&s)
		if v := judge.Judge(repeat(60, 1, 19), s); v.Outcome != judge.Unknown || v.Trouble == "" {
			t.Errorf("%s: %s, %q", name, v.Outcome, v.Trouble)
		}
		if n := judge.Needed(s, 2); !math.IsInf(n, 1) {
			t.Errorf("%s: needs %v", name, n)
		}
	}
}

func TestNumbersOfAVerdict(t *testing.T) {
	v := judge.Judge(repeat(20, 3, 19), usual())
	if v.Windows != 20 || v.CanaryBad != 60 || v.StableTotal != 114000 || math.Abs(v.Ratio-3) > 1e-9 {
		t.Errorf("the sums are wrong: %+v", v)
	}
	if v.Low < 2 || v.Low > 3 || v.High < 3 || v.High > 4.5 {
		t.Errorf("interval %v to %v", v.Low, v.High)
	}
	if math.Abs(v.Has-20) > 1e-9 || math.Abs(v.Needs-22.156430059997504) > 1e-9 {
		t.Errorf("has %v of %v", v.Has, v.Needs)
	}
	if v.FailedAt < 2 || v.FailedAt > 12 {
		t.Errorf("failed at window %d", v.FailedAt)
	}
}

func TestMissingWindowsAreNoEvidence(t *testing.T) {
	sound := repeat(12, 1, 12)
	var holes []judge.Counts
	for _, w := range sound {
		holes = append(holes, judge.Counts{}, w, judge.Counts{CanaryTotal: 300, CanaryBad: 9})
	}
	a, b := judge.Judge(sound, usual()), judge.Judge(holes, usual())
	if a != b {
		t.Errorf("windows without one side changed the verdict:\n%+v\n%+v", a, b)
	}
}
