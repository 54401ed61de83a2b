package deploy

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// plan is a bot.Plan in the making, for one rollout.
type plan struct {
	bot.Plan
	r *Rollout
}

// to makes a transition: timers of the state before are stale from now on.
func (p *plan) to(s State) {
	p.r.State = s
	p.r.Turn++
	p.r.Silent = time.Time{}
}

// do asks for an effect; when a person asked for the rollout it is an answer.
func (p *plan) do(e bot.Effect) {
	if p.r.Asked {
		p.Answer(e)
		return
	}
	p.Do(e)
}

// wake asks to hear of something that is due. Its name is that of no timer
// before it, also where a clock that was set back comes to the same moment again.
func (p *plan) wake(what string, at time.Time) {
	r := p.r
	p.Wake(bot.Timer{
		ID: fmt.Sprintf("%s/%s/%d/%d/%d", r.ID, what, r.Turn, r.V, at.UnixMicro()),
		At: at, Event: bot.RolloutDue{Slot: r.Slot, Rollout: r.ID, What: what, Step: r.Turn},
	})
}

// window asks for the next look at production, if anything is judged.
func (p *plan) window(now time.Time) {
	if p.r.judged() {
		p.wake(DueWindow, now.Add(p.r.nextLook()))
	}
}

func (p *plan) stuckTimer(now time.Time) { p.wake(DueStuck, now.Add(p.r.Stage.Timeouts.Step)) }

func (p *plan) deadlines(now time.Time) {
	p.stuckTimer(now)
	p.wake(DueDeadline, now.Add(p.r.Stage.Timeouts.Rollout))
}

// end is the last transition.
func (p *plan) end(s State, why string, now time.Time) {
	r := p.r
	p.to(s)
	r.Why, r.EndedAt = why, now
	p.learn("rollout.ended", now)
	switch s {
	case Succeeded:
		p.mirror("success", "live", now)
	case Failed:
		p.mirror("failure", why, now)
	case RollbackFailed:
		p.mirror("error", why, now) // nobody knows what runs
	default:
		p.mirror("inactive", why, now)
	}
}

// mirror shows a state on GitHub, if it is not the one shown already.
func (p *plan) mirror(state, description string, now time.Time) {
	r := p.r
	shown := state + "/" + description
	if r.Mirror == shown {
		return
	}
	r.Mirror = shown
	task := "deploy"
	if r.Kind == KindRollback {
		task = bot.MirrorRollback
	}
	p.do(bot.MirrorRollout{
		Repo: r.Release.Repo, Rollout: r.ID, SHA: r.Release.SHA, Environment: r.Stage.Environment, Task: task,
		State: state, Description: clip(description, 140), URL: r.Stage.URL,
		Production: r.Stage.Production, At: now, Step: r.Turn,
	})
}

// Told is what every fact about a rollout says of it.
type Told struct {
	Rollout     string  `json:"rollout"`
	Number      int     `json:"number"`
	Kind        string  `json:"kind"`
	Service     string  `json:"service"`
	Environment string  `json:"environment"`
	Stage       string  `json:"stage"`
	SHA         bot.SHA `json:"sha"`
	Stable      bot.SHA `json:"stable,omitempty"`
	Change      int     `json:"change,omitempty"`
	State       State   `json:"state"`
	Weight      int     `json:"weight"`
	Why         string  `json:"why,omitempty"`
}

func (r Rollout) told() Told {
	return Told{
		Rollout: r.ID, Number: r.Number, Kind: r.Kind, Service: r.Release.Service, Environment: r.Stage.Environment,
		Stage: string(r.Stage.Name), SHA: r.Release.SHA, Stable: r.Stable, Change: r.Release.Change.Number,
		State: r.State, Weight: r.Weight(), Why: r.Why,
	}
}

func (p *plan) learn(kind string, now time.Time) {
	p.Learn(bot.NewFact(kind, p.r.Release.Repo, p.r.ID, now, p.r.told()))
}

func (p *plan) learnBy(kind string, by bot.Person, now time.Time) {
	p.Learn(bot.NewFact(kind, p.r.Release.Repo, p.r.ID, now, p.r.told()).Asked(by))
}

// clip cuts s to n characters.
func clip(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}
