package handlers

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/flow"
)

// A release is live from its first traffic in production on, which it has in
// the canary: lead time and recovery count from there, not from promotion.
func TestLiveIsTheFirstTrafficOfTheCanary(t *testing.T) {
	x := newStreet()
	var asked time.Time
	for n := 1; n <= 2; n++ {
		asked = x.now
		x.says(t, n, "/deploy canary")
		for range 4 {
			x.pass(t, 10*time.Minute)
			x.says(t, n, "/promote")
		}
		x.pass(t, 10*time.Minute)
	}
	h := flow.FromFacts(x.facts)
	if len(h.Deployments) != 2 {
		t.Fatalf("%d went live", len(h.Deployments))
	}
	d := h.Deployments[1]
	if early := d.Live.Sub(asked); early < 0 || early > time.Minute || d.Complete.Sub(d.Live) < 20*time.Minute {
		t.Errorf("asked for at %v, it counts as live from %v and complete at %v", asked, d.Live, d.Complete)
	}
	x.says(t, 2, "/rollback production")
	x.pass(t, 10*time.Minute)
	period := flow.Period{From: teaTime.Add(-time.Hour), To: x.now.Add(time.Hour), Repo: tea.Name, Environment: "production", Now: x.now}
	r := flow.New(flow.FromFacts(x.facts), period).Result("recovery")
	if r.N != 1 || r.Items[0].Value < 30 {
		t.Errorf("recovery counts from promotion: %+v", r)
	}
}
