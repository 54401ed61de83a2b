package handlers

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/deploy/judge"
)

// viewOf is a rollout as people see it; the slot is as the rollout leaves it.
func viewOf(r deploy.Rollout, p deploy.Pipeline, been map[bot.StageName]time.Time, slot deploy.Slot) words.Rollout {
	v := words.Rollout{
		Service: r.Release.Service, Stage: string(r.Stage.Name), Environment: r.Stage.Environment, SHA: r.Release.SHA,
		Title: r.Release.Title, Change: r.Release.Change, By: r.By.Name(), Merged: !r.Asked, Why: r.Why, URL: r.URL, Trouble: r.Watch.Trouble, Blamed: r.Blamed,
	}
	if len(r.Watch.Sources) > 0 {
		v.Source = r.Watch.Sources[0]
	}
	v.Headline, v.Mood = headline(r)
	if r.State == deploy.Resting && strings.Contains(v.Headline, v.Why) {
		v.Why = "" // the headline says it
	}
	v.Path = path(r, p, been)
	v.Watched = r.Watch.Seen()
	verdict := r.Verdict()
	v.Metrics = metricsOf(r, verdict)
	for _, f := range verdict.Findings {
		v.Windows = max(v.Windows, f.Verdict.Windows)
	}
	v.Next, v.Paste = next(r, p, slot, been)
	v.Buttons = offers(r, slot)
	return v
}

// metricsOf are the metrics of a rollout with its verdict on each.
func metricsOf(r deploy.Rollout, v deploy.Verdict) (metrics []words.Metric) {
	for _, f := range v.Findings {
		metrics = append(metrics, metricView(f, r.Watch.Windows[f.Metric.Name]))
	}
	return metrics
}

func headline(r deploy.Rollout) (line, mood string) {
	what := r.Release.Service
	where, there := fmt.Sprintf("%s to %s", what, r.Stage.Name), fmt.Sprintf("%s in %s", what, r.Stage.Name)
	if r.Kind == deploy.KindRollback {
		where = fmt.Sprintf("%s back to %s", what, r.Release.SHA.Short())
	}
	switch r.State {
	case deploy.Starting:
		return fmt.Sprintf("Bringing %s - %d %%", where, r.Weight()), "▶"
	case deploy.Watching:
		return fmt.Sprintf("Watching %s at %d %%", there, r.Weight()), "▶"
	case deploy.Waiting:
		return fmt.Sprintf("Holding %s at %d %% - somebody must decide", there, r.Weight()), "⏸"
	case deploy.Resting:
		return fmt.Sprintf("Healthy: %s at %d %% - waits for promotion", there, r.Weight()), "✅"
	case deploy.Finishing:
		return fmt.Sprintf("Bringing %s - the rest of the traffic", where), "▶"
	case deploy.Returning:
		return fmt.Sprintf("Rolling back: %s at %d %%", there, r.Weight()), "⛔"
	case deploy.Succeeded:
		if r.Kind == deploy.KindRollback {
			return fmt.Sprintf("Back in %s - %s %s runs again since %s", r.Stage.Environment, what, r.Release.SHA.Short(), words.Moment(r.EndedAt)), "⏪"
		}
		return fmt.Sprintf("Live in %s - %s %s, 100 %% since %s", r.Stage.Environment, what, r.Release.SHA.Short(), words.Moment(r.EndedAt)), "✅"
	case deploy.Promoted:
		return fmt.Sprintf("Promoted %s from %s", what, r.Stage.Name), "✅"
	case deploy.RolledBack:
		return fmt.Sprintf("Rolled back: %s at %d %%, after %s", there, r.Weight(), words.For(r.EndedAt.Sub(r.Began))), "⛔"
	case deploy.Aborted:
		return fmt.Sprintf("Stopped: %s, after %s", there, words.For(r.EndedAt.Sub(r.Began))), "⛔"
	case deploy.Failed:
		return fmt.Sprintf("Not started: %s", there), "⛔"
	case deploy.RollbackFailed:
		return fmt.Sprintf("Could not go back: %s - somebody must look", there), "🆘"
	}
	return where, "▶"
}

func path(r deploy.Rollout, p deploy.Pipeline, been map[bot.StageName]time.Time) (steps []words.Step) {
	for _, s := range p.Stages {
		if r.Kind == deploy.KindRollback && s.Name != r.Stage.Name {
			continue // it goes no way through the stages
		}
		step := words.Step{Name: string(s.Name), Mark: "○"}
		if _, ok := been[s.Name]; ok {
			step.Mark = "✅"
		}
		if s.Name == r.Stage.Name {
			step.Mark, step.Note = mark(r.State), fmt.Sprintf("%d %%", r.Weight())
		}
		steps = append(steps, step)
	}
	return steps
}

func mark(s deploy.State) string {
	switch s {
	case deploy.Succeeded, deploy.Promoted, deploy.Resting:
		return "✅"
	case deploy.RolledBack, deploy.Aborted, deploy.Failed, deploy.RollbackFailed, deploy.Returning:
		return "⛔"
	case deploy.Waiting:
		return "⏸"
	}
	return "▶"
}

// recentWindows are shown of those that are kept.
const recentWindows = 8

func metricView(f deploy.Finding, windows []bot.Window) words.Metric {
	v := f.Verdict
	m := words.Metric{
		Name: f.Metric.Name, Floor: f.Metric.Floor, Margin: f.Metric.Margin, Bad: f.Metric.Bad, Total: f.Metric.Total, Ratio: v.Ratio, Low: v.Low, High: v.High,
		StableBad: v.StableBad, StableTotal: v.StableTotal, CanaryBad: v.CanaryBad, CanaryTotal: v.CanaryTotal,
		Outcome: string(v.Outcome), Needs: v.Needs, Has: v.Has, Trouble: v.Trouble,
		Harm: v.E(), HarmAt: 1 / f.Setting.Alpha, Safe: math.Exp(v.LogSafe), SafeAt: 1 / f.Setting.Beta,
		Recent: windows[max(0, len(windows)-recentWindows):],
	}
	var shares []float64
	for _, w := range windows {
		if w.Missing == "" && w.CanaryTotal > 0 {
			shares = append(shares, w.CanaryBad/w.CanaryTotal)
		}
	}
	if p := f.Metric.Probe; p != nil {
		m.Allow, m.Limit, m.Bad, m.Total = p.Allow, p.Limit(), "bad answers", p.URL
	}
	m.Spark = words.Spark(shares, 8)
	switch {
	case f.Metric.Observe:
		m.Verdict, m.Outcome = "👀 observed only", ""
	case f.Metric.Probe != nil && v.Outcome == judge.Fail:
		m.Verdict = "⛔ fails too often"
	case v.Outcome == judge.Fail:
		m.Verdict = "⛔ worse"
	case v.Outcome == judge.Pass:
		m.Verdict = "✅ " + m.Shown()
	default:
		m.Verdict = "⏸ cannot tell yet"
	}
	return m
}
