package trunk

import (
	"math"
	"slices"
	"time"
)

// unsteady is a check that fails by itself so often that long rows of flakes
// begin all the time: of such a one, one more failure is asked for.
const unsteady = 0.1

// wrongWorld is the accepted chance that failures of what passed before are
// flakes: they accuse nobody, so that it may be larger.
const wrongWorld = 0.02

// evidence is what runs after the first failure tell.
type evidence struct {
	chosen   time.Time // when the first failure was told that cannot be the world's; zero: none is left. It made us look
	controls []Run     // of what passed before, the oldest first
	world    int       // failures of it since it passed last
	tainted  time.Time // failures that began before this may be the world's
}

// evidence about the failures in a row of a finding, from all that passed before.
func (h History) evidence(f Finding) evidence {
	e := evidence{chosen: f.Since}
	if f.Last < 0 || f.Last == f.First {
		return e
	}
	for _, c := range h.Commits[:f.Last+1] {
		passed := false
		for _, r := range c.Runs {
			passed = passed || !r.Failed
			if passed && !r.Started.Before(f.Since) {
				e.controls = append(e.controls, r)
			}
		}
	}
	slices.SortStableFunc(e.controls, func(a, b Run) int { return a.Started.Compare(b.Started) })
	for _, r := range e.controls {
		switch {
		case r.Failed:
			e.world, e.tainted = e.world+1, r.Ended
		case e.world > 0: // it was broken until then, at the longest
			e.world, e.tainted = 0, r.Started
		}
	}
	e.chosen = h.since(f.First, e.tainted)
	return e
}

// repeats are failures of commits that tell something beyond that which made us
// look: it alone was chosen for being one. Where the world was broken, what
// began before is the world's.
func (e evidence) repeats(commits ...Commit) (n int) {
	for _, c := range commits {
		for _, r := range c.lately() {
			if !r.Started.Before(e.tainted) && !r.Ended.Equal(e.chosen) {
				n++
			}
		}
	}
	return n
}

// chance that so many failures in a row are all flakes.
func (h History) chance(repeats int) float64 { return math.Pow(h.Rate, float64(repeats)) }

// enough reports whether so many repeats confirm that it is broken.
func (h History) enough(repeats int, s Settings) bool {
	if s.Repeats > 0 {
		return repeats >= s.Repeats
	}
	if h.Rate > unsteady {
		repeats--
	}
	return repeats > 0 && h.chance(repeats) <= s.WrongRed
}

// beside reports whether a commit failed last in a run that began while what
// passed before ran, and passed: for the world to have done it, it must have
// healed for the one and broken for the other.
func (e evidence) beside(c Commit) bool {
	passes := slices.DeleteFunc(slices.Clone(e.controls), func(r Run) bool { return r.Failed })
	failures := c.lately()
	if e.world > 0 || len(failures) == 0 {
		return false
	}
	last := failures[len(failures)-1].Started
	return slices.ContainsFunc(passes, func(pass Run) bool { return !last.Before(pass.Started) && !last.After(pass.Ended) })
}
