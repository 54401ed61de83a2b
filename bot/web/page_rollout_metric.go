package web

import (
	"fmt"
	"html/template"

	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/deploy/judge"
)

type metricView struct {
	deploy.Finding
	Stable, Canary, Ratio, Odds string
	Mood, Word, Need            string
	Chart                       template.HTML
}

func metric(r deploy.Rollout, f deploy.Finding, facts []told, i int) metricView {
	v := f.Verdict
	share := share
	if f.Metric.Probe != nil {
		share = tries
	}
	m := metricView{Finding: f, Stable: share(v.StableBad, v.StableTotal), Canary: share(v.CanaryBad, v.CanaryTotal), Ratio: "-"}
	switch {
	case f.Metric.Probe != nil:
	case v.Windows > 0 && v.StableBad > 0 && v.High > 0:
		m.Ratio = fmt.Sprintf("×%.2f (%.2f to %.2f)", v.Ratio, v.Low, v.High)
	case v.Windows > 0 && v.StableBad > 0:
		m.Ratio = fmt.Sprintf("×%.2f (%.2f or more)", v.Ratio, v.Low)
	}
	if v.Windows > 0 {
		m.Odds = odds(v.E())
	}
	m.Mood, m.Word = verdictWord(f, r.State.Ended())
	switch {
	case v.Trouble != "":
		m.Need = v.Trouble
	case v.Outcome == judge.Unknown && v.Needs > 0:
		m.Need = fmt.Sprintf("seen: traffic for %.1f bad events at stable's rate; it takes %.1f", v.Has, v.Needs)
	}
	if windows := r.Watch.Windows[f.Metric.Name]; len(windows) > 0 {
		m.Chart = metricChart(f, windows, r.Watch.Past[f.Metric.Name].Evidence.Looked, facts, fmt.Sprintf("metric-%d", i)).SVG()
	}
	return m
}

func verdictWord(f deploy.Finding, ended bool) (mood, word string) {
	switch {
	case f.Verdict.Windows == 0 && ended:
		mood, word = "soft", "not seen"
	case f.Verdict.Windows == 0:
		mood, word = "soft", "not seen yet"
	case f.Verdict.Outcome == judge.Fail && f.Metric.Probe != nil:
		mood, word = "bad", "fails too often"
	case f.Verdict.Outcome == judge.Fail:
		mood, word = "bad", "worse"
	case f.Verdict.Outcome == judge.Pass:
		mood, word = "good", passWord(f)
	default:
		mood, word = "wait", "cannot tell yet"
	}
	if f.Metric.Observe {
		return "soft", word + " (observed only)"
	}
	return mood, word
}

// passWord is what a metric that passed was shown to be, in the bot's words.
func passWord(f deploy.Finding) string {
	m := words.Metric{Low: f.Verdict.Low, High: f.Verdict.High, Floor: f.Metric.Floor, Margin: f.Metric.Margin}
	if p := f.Metric.Probe; p != nil {
		m.Allow = p.Allow
	}
	return m.Shown()
}

// odds at which a bet on harm stands; from 1/alpha on it is a failure.
func odds(e float64) string {
	if e >= 1e6 {
		return "over a million"
	}
	return fmt.Sprintf("%.3g", e)
}

// tries of a probe's address; where it has none of an arm, none were made.
func tries(bad, total float64) string {
	if total == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f of %.0f failed", bad, total)
}

func share(bad, total float64) string {
	return fmt.Sprintf("%s (%.0f of %.0f)", words.Percent(bad, total), bad, total)
}
