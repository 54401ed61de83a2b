package web

import (
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/deploy/judge"
)

// rolloutView is a rollout with all that is known of it.
type rolloutView struct {
	deploy.Rollout
	Mood, Word string
	Took       time.Duration
	Deadline   time.Time // zero: nobody is waited for
	Path       []stageView
	Weights    []weightView
	Metrics    []metricView
	Facts      []factView
}

// stageView is a stage on the way of the release.
type stageView struct {
	Name, Word, Mood string
	Path             string // of the rollout; empty: not been there
	Here             bool
}

type weightView struct {
	deploy.WeightStep
	Mood, Word string
}

type metricView struct {
	deploy.Finding
	Stable, Canary, Ratio, Odds string
	Mood, Word, Need            string
	Chart                       template.HTML
}

type factView struct {
	told
	What, Mood string
}

func rollout(l look, r *http.Request) (content, error) {
	d, err := l.rollout(r.PathValue("id"))
	if err != nil {
		return content{}, err
	}
	if d == nil || len(d.Stage.Steps) == 0 {
		return content{}, errNoPage
	}
	facts, err := l.told(bot.FactQuery{Repo: d.Release.Repo, Subject: d.ID})
	if err != nil {
		return content{}, err
	}
	v := rolloutView{Rollout: *d, Weights: weights(*d)}
	v.Mood, v.Word = stateWord(d.State)
	v.Took = cmp.Or(d.EndedAt.Sub(d.Began), 0)
	if d.EndedAt.IsZero() {
		v.Took = l.now.Sub(d.Began)
	}
	if d.State == deploy.Resting {
		v.Why = "" // its state says it
	}
	if d.State == deploy.Waiting || d.State == deploy.Resting {
		v.Deadline = d.Began.Add(d.Stage.Timeouts.Rollout)
	}
	for i, f := range d.Verdict().Findings {
		v.Metrics = append(v.Metrics, metric(*d, f, facts, i))
	}
	for _, f := range facts {
		what, mood := factWord(f)
		if f.Fact == "rollout.begun" {
			f.By = d.By.Name()
		}
		if f.State == deploy.Resting {
			f.Why = "" // what it is says it
		}
		v.Facts = append(v.Facts, factView{f, what, mood})
	}
	v.Path, err = l.way(*d)
	return content{Title: fmt.Sprintf("%s to %s, rollout %d", d.Release.Service, d.Stage.Name, d.Number), Repo: d.Release.Repo.Name, View: v}, err
}

// stateWord says a state as people do, and how it is to be taken.
func stateWord(s deploy.State) (mood, word string) {
	switch s {
	case deploy.Starting:
		return "move", "being put in place"
	case deploy.Watching:
		return "move", "being watched"
	case deploy.Waiting:
		return "wait", "holds: somebody must decide"
	case deploy.Resting:
		return "wait", "healthy, waits for promotion"
	case deploy.Finishing:
		return "move", "gets the rest of the traffic"
	case deploy.Returning:
		return "bad", "goes back"
	case deploy.Succeeded:
		return "good", "live"
	case deploy.Promoted:
		return "good", "promoted"
	case deploy.RolledBack:
		return "bad", "rolled back"
	case deploy.Aborted:
		return "soft", "stopped"
	case deploy.Failed:
		return "bad", "not started"
	case deploy.RollbackFailed:
		return "bad", "could not go back: somebody must look"
	}
	return "soft", string(s)
}

// way is where the same release has been: each stage with its newest rollout,
// and before them those that the stage asks for and that we saw nothing of.
func (l look) way(r deploy.Rollout) (way []stageView, err error) {
	facts, err := l.told(bot.FactQuery{Repo: r.Release.Repo})
	for _, f := range facts {
		if f.SHA != r.Release.SHA || f.Service != r.Release.Service || f.Kind == deploy.KindRollback && f.Rollout != r.ID {
			continue
		}
		mood, word := stateWord(f.State)
		v := stageView{Name: f.Stage, Word: word, Mood: mood, Path: rolloutPath(f.Rollout), Here: f.Rollout == r.ID}
		if i := slices.IndexFunc(way, func(s stageView) bool { return s.Name == f.Stage }); i >= 0 {
			if way[i].Here && !v.Here {
				continue
			}
			way[i] = v
			continue
		}
		way = append(way, v)
	}
	if !slices.ContainsFunc(way, func(s stageView) bool { return s.Here }) {
		mood, word := stateWord(r.State)
		way = append(way, stageView{Name: string(r.Stage.Name), Word: word, Mood: mood, Here: true})
	}
	for _, a := range slices.Backward(r.Stage.After) {
		if !slices.ContainsFunc(way, func(s stageView) bool { return s.Name == string(a.Stage) }) {
			way = slices.Insert(way, 0, stageView{Name: string(a.Stage), Word: "not been there", Mood: "soft"})
		}
	}
	return way, err
}

// weights are the steps of the traffic, and how far it is.
func weights(r deploy.Rollout) (steps []weightView) {
	for i, s := range r.Stage.Steps {
		v := weightView{WeightStep: s, Mood: "soft", Word: "ahead"}
		switch {
		case i < r.Step:
			v.Mood, v.Word = "good", "done"
		case i == r.Step:
			v.Mood, v.Word = stateWord(r.State)
		case r.State.Ended() || r.State == deploy.Returning:
			v.Word = "not reached"
		}
		steps = append(steps, v)
	}
	return steps
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

// factWords say what a fact tells.
var factWords = map[string]string{
	"rollout.begun": "asked for", "rollout.step": "has its traffic", "rollout.waiting": "holds", "rollout.promoted": "a person lets it go on",
	"rollout.resting": "rests: waits for promotion", "rollout.stopped": "a person stops it", "rollout.returning": "goes back",
}

func factWord(f told) (what, mood string) {
	mood, word := stateWord(f.State)
	if f.Fact == "rollout.ended" {
		return "ended: " + word, mood
	}
	if what = factWords[f.Fact]; what == "" {
		what = strings.ReplaceAll(f.Fact, ".", " ")
	}
	if f.Fact == "rollout.step" || f.Fact == "rollout.begun" {
		mood = "move"
	}
	return what, mood
}
