package judge_test

import (
	"encoding/json"
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/roundtrip-bot/roundtrip/deploy/judge"
)

const vectors = "../../testdata/vectors/"

func read(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(vectors + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

type sequential struct {
	Runs []struct {
		Name     string       `json:"name"`
		Floor    float64      `json:"r0"`
		Phi      float64      `json:"phi"`
		Alpha    float64      `json:"alpha"`
		Windows  [][4]float64 `json:"windows"`
		LogE     []float64    `json:"log_e"`
		Detected int          `json:"detected_at_window"`
	} `json:"mixture_eprocess"`
	Forecast []struct {
		Ratio  float64 `json:"ratio"`
		Floor  float64 `json:"r0"`
		Needed float64 `json:"needed_expected_errors_alpha01"`
	} `json:"power_forecast"`
}

func TestSequentialVectors(t *testing.T) {
	var v sequential
	read(t, "sequential.json", &v)
	if len(v.Runs) != 5 {
		t.Fatalf("%d runs", len(v.Runs))
	}
	for _, run := range v.Runs {
		s := usual()
		s.Floor, s.Phi, s.Alpha = run.Floor, run.Phi, run.Alpha
		var windows []judge.Counts
		for i, w := range run.Windows {
			windows = append(windows, judge.Counts{CanaryTotal: w[0], StableTotal: w[1], CanaryBad: w[2], StableBad: w[3]})
			got := judge.Judge(windows, s)
			if math.Abs(got.LogE-run.LogE[i]) > 1e-9 {
				t.Fatalf("%s, window %d: log E %v, want %v", run.Name, i+1, got.LogE, run.LogE[i])
			}
			if failed := run.Detected > 0 && i+1 >= run.Detected; (got.Outcome == judge.Fail) != failed {
				t.Fatalf("%s, window %d: %s", run.Name, i+1, got.Outcome)
			}
		}
		if got := judge.Judge(windows, s).FailedAt; got != run.Detected {
			t.Errorf("%s: failed at %d, want %d", run.Name, got, run.Detected)
		}
	}
}

func TestForecastVectors(t *testing.T) {
	var v sequential
	read(t, "sequential.json", &v)
	for _, f := range v.Forecast {
		s := usual()
		s.Floor = f.Floor
		if got := judge.Needed(s, f.Ratio); math.Abs(got-f.Needed) > 1e-9*f.Needed {
			t.Errorf("×%v needs %v, want %v", f.Ratio, got, f.Needed)
		}
	}
	if n := judge.Needed(usual(), 1.1); !math.IsInf(n, 1) {
		t.Errorf("harm of the floor's size needs %v; it never shows", n)
	}
}

// TestFieldCases: what users wanted failed and other judges passed. Both arms
// had the same traffic; the numbers are counts.
func TestFieldCases(t *testing.T) {
	for name, c := range map[string]struct {
		canary []float64
		want   judge.Outcome
		e      float64
	}{
		"spinnaker/kayenta#799, 11 against 0":    {[]float64{1, 4, 2, 3, 1}, judge.Fail, 235.70272959538664},
		"spinnaker/spinnaker#5622, 27 against 0": {[]float64{0, 3, 0, 10, 6, 0, 6, 2, 0, 0}, judge.Fail, 3024433.2766829417},
		"spinnaker/kayenta#426, 4 against 0":     {[]float64{0, 1, 2, 1, 0, 0}, judge.Unknown, 5.620167465297831},
	} {
		var windows []judge.Counts
		for _, bad := range c.canary {
			windows = append(windows, judge.Counts{CanaryTotal: 60, StableTotal: 60, CanaryBad: bad})
		}
		v := judge.Judge(windows, usual())
		if v.Outcome != c.want || math.Abs(v.E()/c.e-1) > 1e-9 {
			t.Errorf("%s: %s with E = %v, want %s with %v", name, v.Outcome, v.E(), c.want, c.e)
		}
		if v.Low < 1 && c.want == judge.Fail {
			t.Errorf("%s: the interval begins at %v", name, v.Low)
		}
	}
}

// TestIntervalIsRs compares with what R's poisson.test printed.
func TestIntervalIsRs(t *testing.T) {
	text, err := os.ReadFile(vectors + "R_reference.txt")
	if err != nil {
		t.Fatal(err)
	}
	for form, c := range map[string][4]float64{
		`poisson\.test\(R help\).* CI (\S+) (\S+)`: {11, 800, 21, 3011},
		`poisson 30/20 .* CI (\S+) (\S+)`:          {30, 1, 20, 1},
	} {
		m := regexp.MustCompile(form).FindSubmatch(text)
		if m == nil {
			t.Fatalf("no line like %s", form)
		}
		low, _ := strconv.ParseFloat(string(m[1]), 64)
		high, _ := strconv.ParseFloat(string(m[2]), 64)
		l, h := judge.Interval(c[0], c[1], c[2], c[3])
		if math.Abs(l/low-1) > 1e-9 || math.Abs(h/high-1) > 1e-9 {
			t.Errorf("%v: %v to %v, R says %v to %v", c, l, h, low, high)
		}
	}
}

func TestIntervalAtTheEdges(t *testing.T) {
	for name, c := range map[string]struct{ bc, tc, bs, ts, low, high float64 }{
		"no traffic":         {0, 0, 0, 0, 0, math.Inf(1)},
		"nothing bad":        {0, 100, 0, 100, 0, math.Inf(1)},
		"none on the canary": {0, 1, 5, 1, 0, 1/math.Pow(0.025, 0.2) - 1}, // P(0 of 5) = (1-x)^5
		"none on stable":     {5, 1, 0, 1, 1 / (1/math.Pow(0.025, 0.2) - 1), math.Inf(1)},
		"not a number":       {math.NaN(), 1, 1, 1, 0, math.Inf(1)},
	} {
		l, h := judge.Interval(c.bc, c.tc, c.bs, c.ts)
		if math.Abs(l-c.low) > 1e-9 || h != c.high && math.Abs(h-c.high) > 1e-9 {
			t.Errorf("%s: %v to %v, want %v to %v", name, l, h, c.low, c.high)
		}
	}
	if l, h := judge.Interval(5e6, 1e9, 1e8, 2e10); !(l > 0.999 && l < 1 && h > 1 && h < 1.001) {
		t.Errorf("large counts: %v to %v", l, h)
	}
}
