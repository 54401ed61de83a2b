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
	return Evidence{}.WithTries(windows, s).ShareVerdict(s)
}

// WithTries is the evidence after more windows of tries.
func (e Evidence) WithTries(windows []Tries, s ShareSetting) Evidence {
	if s.trouble() != "" {
		return e
	}
	harm, safe := newBets(s.Allow, harmShares(s.Allow)), newBets(s.Limit, []float64{s.Allow / 10, s.Allow / 2, s.Allow})
	e.resume(&harm.evidence, &safe.evidence)
	for _, w := range windows {
		e.Looked++
		if !(w.Total >= 0 && w.Bad >= 0 && w.Bad <= w.Total && w.Total <= 1<<53) {
			e.Trouble = fmt.Sprintf("window %d: its counts are not counts", e.Looked)
			continue
		}
		if w.Total == 0 {
			continue
		}
		e.count(Counts{CanaryTotal: w.Total, CanaryBad: w.Bad})
		harm.add(w)
		safe.add(w)
		e.reachedShare(harm.log(), s)
	}
	e.Harm, e.Safe = harm.logs, safe.logs
	return e
}

// reachedShare takes how high the evidence is now; it fails only where it is
// high with enough failures at the same time.
func (e *Evidence) reachedShare(log float64, s ShareSetting) {
	e.Peak = max(e.Peak, log)
	if e.Seen == 1 {
		e.Peak = log
	}
	if e.FailedAt == 0 && log >= -math.Log(s.Alpha) && e.CanaryBad >= float64(s.MinBad) {
		e.FailedAt = e.Looked
	}
}

// ShareVerdict is the judgement on all tries that the evidence was made of.
func (e Evidence) ShareVerdict(s ShareSetting) Verdict {
	if why := s.trouble(); why != "" {
		return Verdict{Outcome: Unknown, Trouble: why}
	}
	v := e.verdict()
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
