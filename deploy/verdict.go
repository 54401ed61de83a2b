package deploy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/judge"
)

// Finding is what the judge says of one metric.
type Finding struct {
	Metric  Metric
	Setting judge.Setting // that it was judged by
	Verdict judge.Verdict
}

// Verdict is what the judge says of a rollout.
type Verdict struct {
	Findings []Finding
}

// judged reports whether production is asked at all at this weight.
func (r Rollout) judged() bool {
	return len(r.blocking()) > 0 && r.sourced() && r.Weight() < 100 && r.Stable != ""
}

// sourced reports whether there is somebody to ask: probes ask themselves.
func (r Rollout) sourced() bool {
	return len(r.Watch.Sources) > 0 || !slices.ContainsFunc(r.Watch.Metrics, func(m Metric) bool { return m.Probe == nil })
}

func (r Rollout) blocking() []Metric { return r.Watch.blocking() }

func (w Watch) blocking() []Metric {
	return slices.DeleteFunc(slices.Clone(w.Metrics), func(m Metric) bool { return m.Observe })
}

// Verdict computes from the windows and from what those said that are no
// longer kept what the judge says.
func (r Rollout) Verdict() Verdict {
	var v Verdict
	for _, m := range r.Watch.Metrics {
		s := r.Watch.setting(m)
		v.Findings = append(v.Findings, Finding{Metric: m, Setting: s, Verdict: r.Watch.all(m).verdict(m, s)})
	}
	return v
}

// setting is what a metric is judged by. The allowed error of the whole
// rollout is shared by the metrics that decide: with n of them each has 1/n of
// it (Bonferroni), so that a healthy release is blamed with at most that
// probability however often we look.
func (w Watch) setting(m Metric) judge.Setting {
	share := 1 / float64(max(1, len(w.blocking())))
	return judge.Setting{
		Floor: m.Floor, Margin: m.Margin, Phi: 1, MinWindows: w.Judge.MinWindows,
		Alpha: w.Judge.FalseBlame * share, Beta: w.Judge.FalsePromote * share,
	}
}

func counts(windows []bot.Window) []judge.Counts {
	var c []judge.Counts
	for _, w := range windows {
		if w.Missing == "" {
			c = append(c, judge.Counts{CanaryTotal: w.CanaryTotal, StableTotal: w.StableTotal, CanaryBad: w.CanaryBad, StableBad: w.StableBad})
		}
	}
	return c
}

// Fails reports whether a metric that decides got worse.
func (v Verdict) Fails() bool {
	return slices.ContainsFunc(v.Findings, func(f Finding) bool {
		return !f.Metric.Observe && f.Verdict.Outcome == judge.Fail
	})
}

// Passes reports whether every metric that decides is shown to be no worse
// than its margin. No metric that looks at the release itself is no evidence.
func (v Verdict) Passes() bool {
	n := 0
	for _, f := range v.Findings {
		if f.Metric.Observe {
			continue
		}
		if f.Verdict.Outcome != judge.Pass {
			return false
		}
		if f.Metric.decides() {
			n++
		}
	}
	return n > 0
}

// Why names the metrics that failed, with their numbers.
func (v Verdict) Why() string {
	var why []string
	for _, f := range v.Findings {
		if !f.Metric.Observe && f.Verdict.Outcome == judge.Fail {
			why = append(why, f.why())
		}
	}
	return strings.Join(why, ", ")
}

// why says how much worse, and what that meant for people.
func (f Finding) why() string {
	v := f.Verdict
	if f.Metric.Probe != nil {
		return f.whyProbe()
	}
	if v.StableBad == 0 { // nothing to be so many times of
		return fmt.Sprintf("%s are %.0f of %.0f, and none in stable", f.Metric.Name, v.CanaryBad, v.CanaryTotal)
	}
	return fmt.Sprintf("%s are %.1f times those of stable: %.0f of %.0f, about %.0f too many",
		f.Metric.Name, v.Ratio, v.CanaryBad, v.CanaryTotal, v.CanaryBad-v.CanaryTotal*v.StableBad/v.StableTotal)
}

// Queries are what to ask production now, by metric; those whose turn it is.
func (r Rollout) Queries(now time.Time) map[string]bot.Query {
	queries := map[string]bot.Query{}
	if !r.judged() {
		return queries
	}
	for _, m := range r.Watch.Metrics {
		if !r.due(m, now) {
			continue
		}
		from := r.StepAt
		if ws := r.Watch.Windows[m.Name]; len(ws) > 0 {
			from = ws[len(ws)-1].To
		}
		if from.After(now) { // the clock was set back
			from = now
		}
		if m.Probe != nil {
			queries[m.Name] = bot.Query{Repo: r.Release.Repo.Name, From: from, To: now, Probe: m.Probe.query()}
			continue
		}
		queries[m.Name] = bot.Query{
			Source: r.Watch.Sources[0], Repo: r.Release.Repo.Name, From: from, To: now, Cursor: r.Watch.Cursors[m.Name],
			Ratio: bot.RatioQuery{
				CanaryBad: r.fill(m.Bad, r.Watch.Arms.Canary), CanaryTotal: r.fill(m.Total, r.Watch.Arms.Canary),
				StableBad: r.fill(m.Bad, r.Watch.Arms.Stable), StableTotal: r.fill(m.Total, r.Watch.Arms.Stable),
			},
		}
	}
	return queries
}

// fill puts an arm's matchers and the two commits into an expression. Only
// these three places are known; whatever else stands there stays as it is.
func (r Rollout) fill(expr, arm string) string {
	arm = replaceSlot(replaceSlot(arm, "SHA", string(r.Release.SHA)), "StableSHA", string(r.Stable))
	return replaceSlot(expr, "Arm", arm)
}

func replaceSlot(s, name, value string) string {
	for _, form := range []string{"{{ ." + name + " }}", "{{." + name + "}}"} {
		s = strings.ReplaceAll(s, form, value)
	}
	return s
}
