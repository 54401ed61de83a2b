package flow

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// deploymentFrequency counts releases that reached all the traffic, rollbacks
// and redeploys included; a rollout that never served is none, and the steps
// of one rollout are one. Both calendars are shown, so that nobody divides by
// five in silence.
func deploymentFrequency(w window, r *Result) {
	n := len(w.deployments)
	r.N, r.Of = n, "deployments"
	days, working := map[string]bool{}, 0
	for _, d := range w.deployments {
		days[d.Live.In(w.p.From.Location()).Format(time.DateOnly)] = true
		if w.p.isWorking(d.Live) {
			working++
		}
		r.Items = append(r.Items, Item{Of: d.Rollout, Value: 1})
		switch d.Kind {
		case Rollback, Redeploy:
			r.note(d.Kind)
		}
		if d.Previous == "" && d.Kind == Deploy {
			r.note("first deploy")
		}
	}
	if n == 0 {
		r.Line = "nothing went live"
		return
	}
	all, workdays := w.p.days()
	perDay, perWorking := over(n, all), over(working, workdays)
	r.figure("deployments", float64(n), "deployments", n)
	r.figure("per_day", perDay, "deployments a calendar day", n)
	r.figure("working_day_deployments", float64(working), "deployments", n)
	r.figure("per_working_day", perWorking, "deployments a working day", working)
	r.figure("deploy_days", float64(len(days)), "days", n)
	r.Line = fmt.Sprintf("%d on %s, %.1f a day, %.1f a working day", n, words.Plural(len(days), "day"), perDay, perWorking)
}

func over(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
