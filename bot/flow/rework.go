package flow

// rework is the share of all deployments that nobody had planned: rollbacks,
// hotfixes, and those that ship nothing but reverts.
func rework(w window, r *Result) {
	r.Of, r.N = "deployments", len(w.deployments)
	unplanned := 0
	for _, d := range w.deployments {
		if w.unplanned(d) {
			unplanned++
		}
		r.Items = append(r.Items, Item{Of: d.Rollout, Value: one(w.unplanned(d)), Out: !w.unplanned(d)})
	}
	if r.N > 0 {
		r.figure("unplanned", float64(unplanned), "deployments", r.N)
		r.figure("rate", over(unplanned, r.N), "share", r.N)
	}
	r.Line = share(unplanned, r.N, "unplanned", "nothing went live")
}

func (w window) unplanned(d Deployment) bool {
	if d.Kind == Rollback || d.Hotfix {
		return true
	}
	reverts := len(d.Ships) > 0
	for _, s := range d.Ships {
		if w.hotfixes[s.Number] {
			return true
		}
		reverts = reverts && (s.Kind == "revert" || s.Kind == "merge")
	}
	return reverts
}
