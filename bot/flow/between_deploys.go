package flow

import "time"

// betweenDeploys is, for each deployment, the hours since the one before it of
// the same service in the same environment, which may have been before the
// period. Rollbacks and redeploys are deployments, as in their frequency.
func betweenDeploys(w window, r *Result) {
	type slot struct{ service, environment string }
	r.Of = "gaps"
	before := map[slot]time.Time{}
	for _, d := range w.all {
		s := slot{d.Service, d.Environment}
		last, known := before[s]
		before[s] = d.Live
		switch {
		case !w.p.holds(d.Live):
		case !known:
			r.leave("without one before")
		default:
			r.Items = append(r.Items, Item{Of: d.Rollout, Value: d.Live.Sub(last).Hours()})
		}
	}
	r.N = len(r.Items)
	r.percentiles("hours")
	if r.N > 0 {
		r.figure("mean", mean(r.Items), "hours", r.N)
	}
	r.Line = spread(r, time.Hour)
}
