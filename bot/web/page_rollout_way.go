package web

import (
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

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
