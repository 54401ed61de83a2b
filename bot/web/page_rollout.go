package web

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
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
