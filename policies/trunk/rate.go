package trunk

import "time"

// A check of which nothing is known is believed to fail by itself one time in
// thirty: so many flakes in so many runs are put before what was seen.
const (
	priorFlakes = 0.5
	priorRuns   = 15.5
)

// Rate is the chance that a run of a check fails by itself, by how often it did
// lately: the mean of a Beta distribution with the prior above.
func Rate(flakes, runs int) float64 {
	return (float64(flakes) + priorFlakes) / (float64(runs) + priorRuns)
}

// Flaked counts a check's flakes on a line, and the runs among which they were:
// a commit that failed and passed on the very same files. What fails now is
// neither yet, and what failed while the world was broken was no flake.
func (h History) Flaked() (flakes, runs int) {
	for at, c := range h.Commits {
		if !c.passedEver() {
			continue // it is broken, or not told from it yet
		}
		passed := false
		for _, r := range c.Runs {
			switch {
			case !r.Failed:
				passed, runs = true, runs+1
			case !h.worlds(at, r, passed):
				flakes, runs = flakes+1, runs+1
			}
		}
	}
	return flakes, runs
}

// worlds reports whether a failure was the world's: at about its time another
// commit failed, too, and one of the two had passed before.
func (h History) worlds(at int, failed Run, passed bool) bool {
	took := max(failed.Ended.Sub(failed.Started), time.Minute)
	from, until := failed.Started.Add(-2*took), failed.Ended.Add(2*took)
	for i, c := range h.Commits {
		relapse := passed
		for _, r := range c.Runs {
			if i != at && r.Failed && relapse && r.Ended.After(from) && r.Started.Before(until) {
				return true
			}
			relapse = relapse || !r.Failed
		}
	}
	return false
}
