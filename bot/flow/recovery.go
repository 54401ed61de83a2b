package flow

import "time"

// recovery is, for each failed deployment, the minutes from its first traffic
// until a healthy release had all of it. One that is not made good yet counts
// with the time so far, lest the longest outages be missing.
func recovery(w window, r *Result) {
	r.Of = "failed deployments"
	for _, d := range w.deployments {
		if !w.failed[d.Rollout] {
			continue
		}
		item := Item{Of: d.Rollout}
		until, ok := w.recovered(d)
		if !ok {
			until, item.AtLeast = w.p.asOf(), true
			r.note("not recovered yet")
		}
		item.Value = max(0, until.Sub(d.Live).Minutes())
		r.Items = append(r.Items, item)
	}
	r.N = len(r.Items)
	r.percentiles("minutes")
	r.Line = spread(r, time.Minute)
	if r.N == 0 {
		r.Line = "no deployment failed"
	}
}

// recovered finds what made a failed deployment good: what the ledger says,
// else the first rollback or hotfix, or the first release after the failure
// was found. One that failed itself does not count: the clock runs on.
func (w window) recovered(d Deployment) (time.Time, bool) {
	for _, r := range w.recoveries {
		if r.Rollout == d.Rollout && !r.At.Before(d.Live) && !w.failed[r.With] {
			return r.At, true
		}
	}
	for _, next := range w.all {
		if next.Service != d.Service || next.Environment != d.Environment || !next.Live.After(d.Live) || w.failed[next.Rollout] {
			continue
		}
		if w.unplanned(next) || !next.Complete.Before(w.foundAt[d.Rollout]) {
			return next.Complete, true
		}
	}
	return time.Time{}, false
}
