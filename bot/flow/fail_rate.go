package flow

import "fmt"

// failRate is the share of the deployments with at least one new change that
// had to be repaired: rolled back or reverted within a day, named by an
// incident, or marked by a person. Each counts once. What a canary caught
// before it had all the traffic is no failed deployment; it stands apart.
func failRate(w window, r *Result) {
	r.Of = "deployments with changes"
	failed := 0
	for _, d := range w.deployments {
		switch {
		case d.Kind != Deploy:
			r.leave(d.Kind)
			continue
		case len(d.Ships) == 0:
			r.leave("no new change known")
			continue
		case w.failed[d.Rollout]:
			failed++
		case w.p.asOf().Sub(d.Live) < failureWindow:
			r.note("provisional, less than a day old")
		}
		r.Items = append(r.Items, Item{Of: d.Rollout, Value: one(w.failed[d.Rollout]), Out: !w.failed[d.Rollout]})
	}
	r.N = len(r.Items)
	if r.N > 0 {
		r.figure("failed", float64(failed), "deployments", r.N)
		r.figure("rate", over(failed, r.N), "share", r.N)
		r.figure("rate_of_all", over(failed, len(w.deployments)), "share", len(w.deployments))
	}
	r.Line = share(failed, r.N, "failed", "no deployment with a change")
	if n := len(w.catches); n > 0 {
		r.figure("caught_in_canary", float64(n), "rollouts", n)
		r.Line += fmt.Sprintf("; %d more caught in canary", n)
	}
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
