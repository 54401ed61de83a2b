package trunk

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Run is one run of a check that concluded for or against its commit. One that
// was cancelled, skipped or went stale says nothing and is none.
type Run struct {
	Failed         bool
	Started, Ended time.Time
}

// Commit of a branch's line, and what a check said of it.
type Commit struct {
	SHA    bot.SHA
	Runs   []Run     // oldest start first
	Live   time.Time // when the run began that is not over yet; zero: there is none
	Asked  time.Time // when a run was asked for of which nothing was heard; zero: there is none
	Barred bool      // it cannot be run again
	Steps  int       // from the commit before on the line; 1: that is its parent; 0: not known
}

// History of one check on a branch's line, the oldest commit first.
type History struct {
	Commits []Commit
	Rate    float64 // chance that a run fails by itself, as Rate tells
}

func (c Commit) ran() bool { return len(c.Runs) > 0 }

func (c Commit) passedEver() bool {
	return slices.ContainsFunc(c.Runs, func(r Run) bool { return !r.Failed })
}

// fails reports whether the newest run went against the commit.
func (c Commit) fails() bool { return c.ran() && c.Runs[len(c.Runs)-1].Failed }

// lately are the failures since the commit passed last.
func (c Commit) lately() []Run {
	i := len(c.Runs)
	for i > 0 && c.Runs[i-1].Failed {
		i--
	}
	return c.Runs[i:]
}

// newest commit that ran; -1: none did.
func (h History) newest() int {
	for i, c := range slices.Backward(h.Commits) {
		if c.ran() {
			return i
		}
	}
	return -1
}

// streak is the oldest commit of those that failed, and never passed, in a row
// up to the newest that ran, and the one before it that ran, which passed once.
func (h History) streak(newest int) (first, last int) {
	first = newest
	for i := newest; i >= 0; i-- {
		switch c := h.Commits[i]; {
		case !c.ran():
		case c.passedEver():
			return first, i
		default:
			first = i
		}
	}
	return first, -1
}

// since is when the first failure of those in a row was told, of runs that began
// at some moment or later.
func (h History) since(first int, from time.Time) (at time.Time) {
	for _, c := range h.Commits[first:] {
		for _, r := range c.lately() {
			if !r.Started.Before(from) && (at.IsZero() || r.Ended.Before(at)) {
				at = r.Ended
			}
		}
	}
	return at
}
