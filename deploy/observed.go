package deploy

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// observeEvery is how often an executor is asked while it puts a release in
// place.
const observeEvery = 2 * time.Second

func (p *plan) settled(in Settled, now time.Time) {
	r := p.r
	switch verb := r.asks(); {
	case verb != in.Verb:
		return
	case verb == "abort":
		p.returned(in, now)
	case in.Outcome == bot.Done && verb == "finish":
		p.end(Succeeded, "", now)
	case in.Outcome == bot.Done:
		p.mirror("in_progress", fmt.Sprintf("%d %% of the traffic", r.Weight()), now)
		p.wake(DueObserve, now)
	case verb == "start" && r.unmoved(in.Outcome):
		p.end(Failed, in.Detail, now)
	default:
		p.back(fmt.Sprintf("the executor could not %s: %s", verb, in.Detail), false, now)
	}
}

// unmoved reports whether nothing moved by a start that ended so. A take-over
// has its canary's traffic before it starts, and nobody else is in charge of
// that any more: it has to go back.
func (r Rollout) unmoved(o bot.Outcome) bool {
	if r.Over != "" {
		return false
	}
	return o == bot.HeldBack || o == bot.Failed && r.Kind != KindRollback
}

func (p *plan) observed(in Observed, now time.Time) {
	r, o := p.r, in.Observation
	if r.State != Starting {
		return
	}
	if in.Err != "" {
		p.silent(now)
		return
	}
	r.Silent = time.Time{}
	switch {
	case o.State == bot.StageRunning:
		p.wake(DueObserve, now.Add(observeEvery))
	case o.State == bot.StageFailed:
		p.back(orElse(o.Message, "the executor reports a failure"), false, now)
	case o.State == bot.StageAborted:
		p.back("the executor reports that somebody aborted it", false, now)
	case o.SHA != r.Release.SHA:
		p.back(fmt.Sprintf("%s runs instead of %s", orElse(o.SHA.Short(), "something unknown"), r.Release.SHA.Short()), false, now)
	case o.Weight != r.Weight():
		p.wake(DueObserve, now.Add(observeEvery))
	default:
		p.placed(o, now)
	}
}

// silent: the executor could not be asked what it did. It is asked again; who
// does not know for too long takes back what may be there.
func (p *plan) silent(now time.Time) {
	r := p.r
	if r.Silent.IsZero() {
		r.Silent = now
	}
	if most := r.Stage.Timeouts.Unknown; now.Sub(r.Silent) >= most {
		p.back(fmt.Sprintf("the executor has not said for %s what it did", words.For(most)), false, now)
		return
	}
	p.wake(DueObserve, now.Add(observeEvery))
}

// placed: the release has the traffic of its step.
func (p *plan) placed(o bot.Observation, now time.Time) {
	r := p.r
	if r.Placed.IsZero() {
		r.Placed = now
	}
	r.URL = orElse(o.URL, r.Stage.URL)
	r.StepAt = now
	p.to(Watching)
	p.learn("rollout.step", now)
	p.mirror("in_progress", fmt.Sprintf("%d %% of the traffic", r.Weight()), now)
	if r.judged() {
		p.wake(DueWindow, now) // the first look is where counting begins
	}
	p.wake(DueStep, now.Add(r.Stage.Steps[r.Step].For))
}
