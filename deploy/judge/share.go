package judge

import (
	"fmt"
	"math"
)

// Tries of one window: how often something was tried, and how often it failed.
type Tries struct{ Total, Bad float64 }

// ShareSetting bounds the errors of a verdict on a share of failures that is
// compared with nothing but a limit.
type ShareSetting struct {
	Allow   float64 // a share up to this is never a failure: 0.05
	Limit   float64 // pass when the share is shown to be below this: 0.2
	Alpha   float64 // of blaming when the share is at most Allow, ever
	Beta    float64 // of passing when the share is at least Limit, ever
	MinBad  int     // no failure on fewer failures than this
	MinSeen int     // no pass on fewer windows than this
}

// Share is Judge for what has no other arm to be compared with. It is the
// sequential test of a proportion with composite hypotheses: for an
// alternative q against the null p each failure multiplies the evidence by
//
//	q/p,
//
// and each success by (1-q)/(1-p). Under every true share on the null's side
// of p the expectation of that factor is at most 1 (it is linear in the true
// share, and 1 at p), also when the share changes with time, so by Ville's
// inequality the mean over the alternatives ever reaches 1/alpha with
// probability at most alpha. The likelihood ratio is Wald's ("Sequential Tests
// of Statistical Hypotheses", 1945), the mixture Robbins' (1970); Waudby-Smith
// and Ramdas (JRSS B, 2023) call it betting. MinBad only makes a failure
// rarer. In the verdict the counts stand as those of the canary.
func Share(windows []Tries, s ShareSetting) Verdict {
	v := Verdict{Outcome: Unknown, Peak: math.Inf(-1), Trouble: s.trouble()}
	if v.Trouble != "" {
		v.Peak = 0
		return v
	}
	harm, safe := newBets(s.Allow, harmShares(s.Allow)), newBets(s.Limit, []float64{s.Allow / 10, s.Allow / 2, s.Allow})
	for i, w := range windows {
		if !(w.Total >= 0 && w.Bad >= 0 && w.Bad <= w.Total && w.Total <= 1<<53) {
			v.Trouble = fmt.Sprintf("window %d: its counts are not counts", i+1)
			continue
		}
		if w.Total == 0 {
			continue
		}
		v.add(Counts{CanaryTotal: w.Total, CanaryBad: w.Bad})
		harm.add(w)
		safe.add(w)
		v.Peak = max(v.Peak, harm.log())
		if v.FailedAt == 0 && harm.log() >= -math.Log(s.Alpha) && v.CanaryBad >= float64(s.MinBad) {
			v.FailedAt = i + 1
		}
	}
	v.LogE, v.LogSafe, v.Peak = harm.log(), safe.log(), max(v.Peak, harm.log())
	v.decide(Setting{Beta: s.Beta, MinWindows: s.MinSeen})
	return v
}

// harmShares are the alternatives of harm: so far from what is allowed to all.
func harmShares(allow float64) (grid []float64) {
	for _, t := range []float64{0.05, 0.15, 0.3, 0.6, 0.9, 0.99} {
		grid = append(grid, allow+(1-allow)*t)
	}
	return grid
}

func (s ShareSetting) trouble() string {
	switch {
	case !(s.Allow > 0 && s.Allow < s.Limit && s.Limit < 1):
		return "what is allowed must be above 0 and below the limit, and the limit below 1"
	case !(s.Alpha > 0 && s.Alpha < 1 && s.Beta > 0 && s.Beta < 1):
		return "the bounds of error must lie between 0 and 1"
	}
	return ""
}

// bets against a null share, one for each alternative of the grid.
type bets struct {
	null float64
	evidence
}

func newBets(null float64, grid []float64) *bets {
	return &bets{null: null, evidence: evidence{grid: grid, logs: make([]float64, len(grid))}}
}

func (b *bets) add(w Tries) {
	for i, q := range b.grid {
		b.logs[i] += w.Bad*math.Log(q/b.null) + (w.Total-w.Bad)*math.Log((1-q)/(1-b.null))
	}
}
