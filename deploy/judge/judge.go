// Package judge says by sound statistics whether a canary does harm.
//
// It looks at how the bad events of each window split between the canary and
// what runs beside it. A shared outage, a spike or the time of day strike both
// arms alike and cancel; only a split that the traffic does not explain is
// evidence. The evidence may be looked at after every window: it is a
// supermartingale, so the bounds of error hold over all looks together.
//
//   - judge.go     the verdict and the rule that reaches it
//   - evidence.go  what windows said, when they themselves are no longer kept
//   - eprocess.go  the evidence, window by window
//   - share.go     the same for a share that is compared with a limit alone
//   - interval.go  the exact interval of the ratio, for people
//   - forecast.go  how much must be seen before harm of a size shows
package judge

import (
	"fmt"
	"math"
)

// Counts of one window of both arms: events, and the bad ones among them.
// Fractions are allowed; some sources extrapolate.
type Counts struct{ CanaryTotal, StableTotal, CanaryBad, StableBad float64 }

// Setting bounds the errors of a verdict. Ratios are of rates, canary to
// stable.
type Setting struct {
	Floor      float64 // a ratio up to this is never a failure: 1.1
	Margin     float64 // pass when the ratio is shown to be below this: 2
	Phi        float64 // how much burstier than chance bad events come; 0 is 1
	Alpha      float64 // of blaming a canary whose ratio is at most Floor, ever
	Beta       float64 // of passing a canary whose ratio is at least Margin, ever
	MinWindows int     // no pass before so many
}

// maxPhi is how bursty events may be before their counts say nothing.
const maxPhi = 8

// Outcome of a judgement.
type Outcome string

// Outcomes. What cannot be told is Unknown: it neither blames nor promotes.
const (
	Pass    Outcome = "pass"
	Fail    Outcome = "fail"
	Unknown Outcome = "unknown"
)

// Verdict is an outcome with its numbers.
type Verdict struct {
	Outcome Outcome
	Ratio   float64 // of the rates; 0 when stable had no bad event
	// Low and High hold the ratio with 95 % confidence; see Interval. High is
	// 0 when nothing bounds it.
	Low, High                                      float64
	StableBad, StableTotal, CanaryBad, CanaryTotal float64
	Windows                                        int // that had traffic on both sides

	LogE     float64 // ln of the evidence for harm now
	Peak     float64 // the highest LogE was; Fail from ln(1/Alpha)
	LogSafe  float64 // ln of the evidence now that the ratio is below Margin
	FailedAt int     // the window that decided a Fail, counted from 1
	// Needs is how many bad events the canary would have to have at stable's
	// rate before a ratio of Margin shows; Has is how many it would have had.
	Needs, Has float64
	Trouble    string // why there can be no Pass: a wrong setting, broken counts
}

// E is the highest evidence for harm so far: the odds at which somebody who
// bet on harm would have multiplied their stake. 1/Alpha is enough to fail.
func (v Verdict) E() float64 { return min(math.Exp(v.Peak), math.MaxFloat64) }

// Judge fails when the evidence for harm ever reached 1/Alpha: once failed
// stays failed. It passes while the evidence that the ratio is below Margin is
// at 1/Beta, after MinWindows. Else it is Unknown.
//
// Windows without traffic on both sides are left out: what is missing is no
// evidence. A window with impossible counts is left out too, and with it
// there is no Pass; a wrong setting is always Unknown.
func Judge(windows []Counts, s Setting) Verdict { return Evidence{}.With(windows, s).Verdict(s) }

// With is the evidence after more windows.
func (e Evidence) With(windows []Counts, s Setting) Evidence {
	s.Phi = orOne(s.Phi)
	if s.trouble() != "" {
		return e
	}
	harm, safe := newEvidence(s.Floor, s.Phi, harmGrid(s.Floor)), newEvidence(s.Margin, s.Phi, safeGrid())
	e.resume(harm, safe)
	for _, w := range windows {
		e.Looked++
		if why := w.trouble(); why != "" {
			e.Trouble = fmt.Sprintf("window %d: %s", e.Looked, why)
			continue
		}
		if w.CanaryTotal == 0 || w.StableTotal == 0 {
			continue
		}
		e.count(w)
		harm.add(w)
		safe.add(w)
		e.reached(harm.log(), s.Alpha)
	}
	e.Harm, e.Safe = harm.logs, safe.logs
	return e
}

// Verdict is the judgement on all that the evidence was made of. The setting
// must be that which it was made with.
func (e Evidence) Verdict(s Setting) Verdict {
	s.Phi = orOne(s.Phi)
	if why := s.trouble(); why != "" {
		return Verdict{Outcome: Unknown, Trouble: why}
	}
	v := e.verdict()
	v.decide(s)
	v.measure(s)
	return v
}

func (v *Verdict) decide(s Setting) {
	switch {
	case v.FailedAt > 0:
		v.Outcome = Fail
	case v.Trouble == "" && v.Windows > 0 && v.Windows >= s.MinWindows && v.LogSafe >= -math.Log(s.Beta):
		v.Outcome = Pass
	}
}

// measure fills in what people are shown; it decides nothing.
func (v *Verdict) measure(s Setting) {
	if v.Windows == 0 {
		return
	}
	rate := v.StableBad / v.StableTotal
	if rate > 0 {
		v.Ratio = v.CanaryBad / v.CanaryTotal / rate
	}
	v.Low, v.High = Interval(v.CanaryBad, v.CanaryTotal, v.StableBad, v.StableTotal)
	if math.IsInf(v.High, 1) {
		v.High = 0
	}
	v.Needs, v.Has = Needed(s, s.Margin), v.CanaryTotal*rate
}

func orOne(phi float64) float64 {
	if phi == 0 {
		return 1
	}
	return phi
}

// trouble says what is wrong with the setting. Comparisons are written so that
// what is not a number fails them.
func (s Setting) trouble() string {
	switch {
	case !(s.Floor >= 1 && s.Floor < s.Margin):
		return "the floor must be at least 1 and below the margin"
	case !(s.Margin <= 1000):
		return "the margin must be at most 1000"
	case !(s.Alpha > 0 && s.Alpha < 1 && s.Beta > 0 && s.Beta < 1):
		return "the bounds of error must lie between 0 and 1"
	case s.Phi > maxPhi:
		return "the bad events come in bursts too large for counts to tell"
	case !(s.Phi >= 1):
		return "phi must be at least 1"
	}
	return ""
}

// trouble says why the counts are impossible. A little more bad than all is
// what two readings a moment apart give.
func (w Counts) trouble() string {
	for _, n := range []float64{w.CanaryTotal, w.StableTotal, w.CanaryBad, w.StableBad} {
		if n != 0 && !(n >= 1e-6 && n <= 1<<53) {
			return "its counts are not counts"
		}
	}
	if w.CanaryBad > slack(w.CanaryTotal) || w.StableBad > slack(w.StableTotal) {
		return "more bad events than events"
	}
	return ""
}

func slack(total float64) float64 {
	if total == 0 {
		return 0
	}
	return 1.05*total + 1
}
