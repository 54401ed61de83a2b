package deploy

import (
	"fmt"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/judge"
)

// Probe asks an address as people would, and expects a good answer.
type Probe struct {
	URL    string        `json:"url"` // {{ .Arm }} stands for canary or stable
	Every  time.Duration `json:"every"`
	Status int           `json:"status"`
	Under  time.Duration `json:"under"` // the answer must be whole by then
	Allow  float64       `json:"allow"` // a share of failures up to this is never a failure
}

// What a verdict on a probe rests on.
const (
	probeLimit  = 4 // it passes when shown to fail less often than so many times what is allowed
	probeMinBad = 3 // one hiccup may spoil two tries
)

// Armed reports whether the two sides have addresses of their own.
func (p Probe) Armed() bool { return p.urlOf("canary") != p.URL }

func (p Probe) urlOf(arm string) string { return replaceSlot(p.URL, "Arm", arm) }

// Limit is the share below which it passes.
func (p Probe) Limit() float64 { return p.Allow * probeLimit }

// decides reports whether a metric may let a release go on: it must look at
// the release itself. A probe of what everybody sees can only take it back,
// for most of what it sees is the stable version.
func (m Metric) decides() bool { return m.Probe == nil || m.Probe.Armed() }

// cadence is how often a metric is asked.
func (r Rollout) cadence(m Metric) time.Duration {
	if m.Probe != nil {
		return m.Probe.Every
	}
	return r.Watch.Judge.Window
}

// nextLook is the time until the next metric is asked.
func (r Rollout) nextLook() time.Duration {
	next := r.Watch.Judge.Window
	for _, m := range r.Watch.Metrics {
		next = min(next, r.cadence(m))
	}
	return next
}

// due reports whether it is a metric's turn, give or take half of the time
// between two looks. A clock that was set back keeps none from being asked.
func (r Rollout) due(m Metric, now time.Time) bool {
	windows := r.Watch.Windows[m.Name]
	if len(windows) == 0 {
		return true
	}
	since := now.Sub(windows[len(windows)-1].To)
	return since < 0 || since >= r.cadence(m)-r.nextLook()/2
}

func (p Probe) query() *bot.ProbeQuery {
	q := &bot.ProbeQuery{Canary: p.urlOf("canary"), Status: p.Status, Under: p.Under}
	if p.Armed() {
		q.Stable = p.urlOf("stable")
	}
	return q
}

// tries are what the windows say of the canary. When the stable version fails
// a try too, that try says nothing of the canary: it is left out.
func (p Probe) tries(windows []bot.Window) (tries []judge.Tries, stable judge.Tries) {
	for _, w := range windows {
		if w.Missing != "" {
			continue
		}
		stable.Total, stable.Bad = stable.Total+w.StableTotal, stable.Bad+w.StableBad
		if w.StableBad == 0 {
			tries = append(tries, judge.Tries{Total: w.CanaryTotal, Bad: w.CanaryBad})
		}
	}
	return tries, stable
}

// setting is how it is judged, against what it may fail.
func (p Probe) setting(s judge.Setting) judge.ShareSetting {
	return judge.ShareSetting{Allow: p.Allow, Limit: p.Limit(), Alpha: s.Alpha, Beta: s.Beta, MinBad: probeMinBad, MinSeen: s.MinWindows}
}

// whyProbe says how often it failed, and what would be allowed.
func (f Finding) whyProbe() string {
	v := f.Verdict
	return fmt.Sprintf("%s failed %.0f of %.0f times, and %s of them may", f.Metric.Name, v.CanaryBad, v.CanaryTotal,
		strings.TrimSuffix(fmt.Sprintf("%.1f", 100*f.Metric.Probe.Allow), ".0")+" %")
}
