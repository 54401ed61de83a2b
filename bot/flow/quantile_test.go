package flow

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func items(values ...float64) (r Result) {
	for _, v := range values {
		r.Items = append(r.Items, Item{Value: math.Abs(v), AtLeast: v < 0}) // negative: not ended yet
	}
	return r
}

// TestQuantileIsR7 compares with what R's quantile printed for the twelve
// values much like those of NIST's handbook.
func TestQuantileIsR7(t *testing.T) {
	nist := items(95.1772, 95.1567, 95.1937, 95.1959, 95.1442, 95.0610, 95.1591, 95.1195, 95.1772, 95.0925, 95.1990, 95.1682)
	for p, want := range map[float64]float64{0.5: 95.16365, 0.9: 95.19568} {
		if got, _, _ := nist.Quantile(p); math.Abs(got-want) > 1e-9 {
			t.Errorf("quantile %v is %v, want %v", p, got, want)
		}
	}
	if got, _, _ := items(7).Quantile(0.85); got != 7 {
		t.Errorf("of one value: %v", got)
	}
	if _, _, ok := items().Quantile(0.5); ok {
		t.Error("nothing has a median")
	}
}

func TestKaplanMeier(t *testing.T) {
	for name, c := range map[string]struct {
		r       Result
		p, want float64
		atLeast bool
	}{
		// The 6-MP arm of Freireich's leukaemia trial, in every textbook:
		// the median remission is 23 weeks.
		"6-MP":                         {items(6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35), 0.5, 23, false},
		"6-MP, the first quarter":      {items(6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35), 0.25, 13, false},
		"nothing has ended":            {items(-10, -20), 0.5, 20, true},
		"the longest is still open":    {items(10, 20, -300), 0.5, 20, false},
		"just half, then an end":       {items(10, 20, 60, -70), 0.5, 40, false},
		"just half, and nothing after": {items(10, -40), 0.5, 10, true},
	} {
		got, atLeast, _ := c.r.Quantile(c.p)
		if math.Abs(got-c.want) > 1e-9 || atLeast != c.atLeast {
			t.Errorf("%s: %v (at least: %v), want %v (%v)", name, got, atLeast, c.want, c.atLeast)
		}
	}
}

// With everything ended both estimates have the same median; and what is
// still open never makes a median smaller.
func TestOpenItemsNeverHideTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(1, 1e6), 1, 30).Draw(t, "values")
		ended := items(values...)
		a, _, _ := ended.Quantile(0.5)
		b, _ := kaplanMeier(ended.Items, 0.5)
		if math.Abs(a-b) > 1e-9*a {
			t.Errorf("median %v, by Kaplan and Meier %v", a, b)
		}
		open := rapid.IntRange(0, len(values)-1).Draw(t, "open")
		ended.Items[open].AtLeast = true
		c, atLeast, _ := ended.Quantile(0.5)
		if c < a-1e-9*a && !atLeast {
			t.Errorf("the median fell from %v to %v", a, c)
		}
	})
}

func TestFewAreShownEach(t *testing.T) {
	for n, shown := range map[int]bool{4: false, 5: true} {
		r := items([]float64{1, 2, 3, 4, 5}[:n]...)
		r.percentiles("hours")
		if _, ok := r.Figure("median"); ok != shown {
			t.Errorf("median of %d shown: %v", n, ok)
		}
	}
}
