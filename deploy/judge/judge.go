// Package judge says by sound statistics whether a canary does harm.
package judge

import "math"

// Counts of one window of both arms.
type Counts struct{ CanaryTotal, StableTotal, CanaryBad, StableBad float64 }

// Setting bounds the errors of a verdict.
type Setting struct {
	Floor, Margin, Phi, Alpha, Beta float64
	MinWindows                      int
}

// Outcome of a judgement.
type Outcome string

// Outcomes.
const (
	Pass    Outcome = "pass"
	Fail    Outcome = "fail"
	Unknown Outcome = "unknown"
)

// Verdict is an outcome with its numbers.
type Verdict struct {
	Outcome                                                          Outcome
	Ratio, Low, High, StableBad, StableTotal, CanaryBad, CanaryTotal float64
	Windows                                                          int
}

// Judge is the mixture e-process on the split of the bad events: it fails when
// the evidence ever reaches 1/Alpha, and passes when the mirror test reaches
// 1/Beta.
func Judge(windows []Counts, s Setting) Verdict {
	v := Verdict{Outcome: Unknown}
	harm, safe := []float64{1.3, 1.6, 2, 3, 5, 10, 30}, []float64{.5, .8, 1}
	lh, ls := make([]float64, len(harm)), make([]float64, len(safe))
	passed := false
	for _, w := range windows {
		if w.CanaryTotal <= 0 || w.StableTotal <= 0 {
			continue
		}
		v.Windows++
		v.CanaryBad, v.CanaryTotal = v.CanaryBad+w.CanaryBad, v.CanaryTotal+w.CanaryTotal
		v.StableBad, v.StableTotal = v.StableBad+w.StableBad, v.StableTotal+w.StableTotal
		for i, g := range harm {
			lh[i] += step(w, s.Floor, s.Floor*g) / s.Phi
		}
		for i, r := range safe {
			ls[i] += step(w, s.Margin, r) / s.Phi
		}
		if mean(lh) >= -math.Log(s.Alpha) {
			v.Outcome = Fail
		}
		passed = passed || mean(ls) >= -math.Log(s.Beta)
	}
	if v.Outcome != Fail && passed && v.Windows >= s.MinWindows {
		v.Outcome = Pass
	}
	if v.StableBad > 0 && v.CanaryTotal > 0 {
		v.Ratio = v.CanaryBad / v.CanaryTotal / (v.StableBad / v.StableTotal)
	}
	return v
}

func step(w Counts, null, alt float64) float64 {
	theta := func(r float64) float64 { return r * w.CanaryTotal / (r*w.CanaryTotal + w.StableTotal) }
	return w.CanaryBad*math.Log(theta(alt)/theta(null)) + w.StableBad*math.Log((1-theta(alt))/(1-theta(null)))
}

func mean(logs []float64) float64 {
	top := math.Inf(-1)
	for _, l := range logs {
		top = max(top, l)
	}
	sum := 0.0
	for _, l := range logs {
		sum += math.Exp(l - top)
	}
	return top + math.Log(sum/float64(len(logs)))
}
