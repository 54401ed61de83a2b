package trunks

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// commit of the line, and what became of it.
type commit struct {
	faults  [][]int // by check: the commits whose faults its files have
	runs    [][]run // by check
	reverts int     // the commit that it takes back
	came    int     // the first of those that were pushed with it, as the last

	seen     bool             // a run failed by its fault
	named    trunk.Confidence // it was, as what its push ends with
	found    bool             // the push that brought it was named
	repaired bool             // by hand
	offered  bool             // its revert
	draft    *draft
}

// nobody is no commit.
const nobody = -1

type run struct {
	trunk.Run
	over, cancelled, flaked bool
	tells                   time.Time // when the step runs that can fail: the same step each time
}

// start a run of a check on a commit.
func (w *world) start(at, check int) {
	begins := w.now.Add(5*time.Second + time.Duration(w.chance.IntN(15))*time.Second)
	took := w.about(w.Suite)
	i := len(w.line[at].runs[check])
	w.line[at].runs[check] = append(w.line[at].runs[check], run{Run: trunk.Run{Started: begins, Ended: begins.Add(took)}, tells: begins.Add(took * 6 / 10)})
	w.in(begins.Add(took).Sub(w.now), func() {
		r := &w.line[at].runs[check][i]
		if r.cancelled {
			return
		}
		r.over, r.flaked = true, w.chance.Float64() < w.Rates[check]
		r.Failed = r.flaked || w.broken(at, check) || w.down(r.tells)
		w.ran(at, check, *r)
		w.look()
	})
}

// broken reports whether a commit's files break a check.
func (w *world) broken(at, check int) bool { return len(w.line[at].faults[check]) > 0 }

// down reports whether the world is broken at a moment.
func (w *world) down(at time.Time) bool {
	return slices.ContainsFunc(w.outages, func(o outage) bool { return !at.Before(o.from) && at.Before(o.until) })
}

// push brings commits; on the last of them all checks begin.
func (w *world) push(commits ...*commit) {
	if w.Cancels {
		w.cancel(w.line[w.head()])
	}
	first := len(w.line)
	w.line = append(w.line, commits...)
	w.line[w.head()].came = first
	for check := range w.Rates {
		w.start(w.head(), check)
	}
}

// cancel what runs on a commit for the first time.
func (w *world) cancel(c *commit) {
	for _, runs := range c.runs {
		if len(runs) == 1 && !runs[0].over {
			runs[0].cancelled = true
		}
	}
}

// remembered are so many heads of the line, as of a real one.
const remembered = 50

// history of a check as the bot knows it: the heads of pushes, each at a place of
// the line. What came to it between ran nothing, and is not known.
func (w *world) history(check int) (h trunk.History, at []int) {
	for i := w.head(); i >= 0 && len(at) < remembered; i = w.line[i].came - 1 {
		c := known(sha(i), w.line[i].runs[check])
		c.Steps = i - w.line[i].came + 1
		h.Commits, at = append(h.Commits, c), append(at, i)
	}
	slices.Reverse(h.Commits)
	slices.Reverse(at)
	flakes, runs := h.Flaked()
	h.Rate = trunk.Rate(w.past[check].flakes+flakes, w.past[check].runs+runs)
	return h, at
}

func known(name bot.SHA, runs []run) trunk.Commit {
	c := trunk.Commit{SHA: name}
	for _, r := range runs {
		switch {
		case r.over:
			c.Runs = append(c.Runs, r.Run)
		case !r.cancelled:
			c.Live = r.Started
		}
	}
	slices.SortStableFunc(c.Runs, func(a, b trunk.Run) int { return a.Started.Compare(b.Started) })
	return c
}
