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

// Step is the state machine: what becomes of a rollout that is told in, and
// what is to be done about it. Deadlines are timers, audit is facts.
func Step(r Rollout, in Input, now time.Time) (Rollout, bot.Plan) {
	if r.State.Ended() {
		return r, bot.Plan{}
	}
	p := plan{r: &r}
	switch in := in.(type) {
	case Settled:
		p.settled(in, now)
	case Observed:
		p.observed(in, now)
	case Looked:
		p.looked(in, now)
	case Due:
		p.due(in, now)
	case Promote:
		p.promote(in, now)
	case TakenOver:
		if r.State == Resting {
			p.end(Promoted, "the next stage took over", now)
		}
	case Abort:
		p.abort(in, now)
	}
	return r, p.Plan
}

// asks is what the executor was asked last and has not said yes or no to;
// how something else ended is told late, or twice.
func (r Rollout) asks() string {
	switch {
	case r.State == Starting && r.Step == 0:
		return "start"
	case r.State == Starting:
		return "weight"
	case r.State == Finishing:
		return "finish"
	case r.State == Returning:
		return "abort"
	}
	return ""
}

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

func (p *plan) due(in Due, now time.Time) {
	r := p.r
	switch {
	case in.What == DueDeadline && r.State == Resting:
		p.back("nobody promoted it in time", false, now)
	case in.What == DueDeadline && r.State != Returning:
		p.back(fmt.Sprintf("it took longer than %s", words.For(r.Stage.Timeouts.Rollout)), false, now)
	case in.Turn != r.Turn:
		return // a later transition has its own timers
	case in.What == DueStuck && r.State == Starting:
		p.back(fmt.Sprintf("the executor did not put it in place within %s", words.For(r.Stage.Timeouts.Step)), false, now)
	case in.What == DueStuck && r.State == Finishing:
		p.back(fmt.Sprintf("the executor did not give it the rest of the traffic within %s", words.For(r.Stage.Timeouts.Step)), false, now)
	case in.What == DueStuck && r.State == Returning:
		p.notReturned(fmt.Sprintf("the executor did not answer within %s", words.For(r.Stage.Timeouts.Step)), now)
	case in.What == DueStep && r.State == Watching:
		p.stepOver(now)
	}
}

// stepOver decides what follows when the time at a weight is over.
func (p *plan) stepOver(now time.Time) {
	r := p.r
	step := r.Stage.Steps[r.Step]
	switch verdict := r.Verdict(); {
	case step.Weight < 100 && !r.judged():
		p.pause(r.unwatched(), now)
	case step.Weight < 100 && verdict.Fails():
		p.pause(verdict.Why(), now) // a person let it go on, and is asked at each step
	case step.Weight < 100 && !r.shown():
		if now.Sub(r.StepAt) >= r.Watch.Judge.MaxWait {
			p.pause(fmt.Sprintf("after %s there is still not enough evidence to tell whether it is worse", words.For(r.Watch.Judge.MaxWait)), now)
		}
	case step.Ask:
		p.pause("its step asks for a person", now)
	default:
		p.advance(now)
	}
}

// unwatched says why nothing is judged, so that a person has to decide.
func (r Rollout) unwatched() string {
	if r.Stable == "" && len(r.blocking()) > 0 {
		return "nothing is known to have run here before, so there is nothing to compare with and a person decides"
	}
	return "no metric watches it, so a person decides"
}

// advance goes to the next weight, to rest, or to all the traffic.
func (p *plan) advance(now time.Time) {
	r := p.r
	switch {
	case r.Step+1 < len(r.Stage.Steps):
		r.Step++
		p.to(Starting)
		p.do(bot.SetWeight{Order: r.Order()})
		p.stuckTimer(now)
		p.window(now)
	case r.Stage.Canary():
		p.to(Resting)
		r.Why = "waits for promotion"
		p.learn("rollout.resting", now)
		p.window(now)
	default:
		p.to(Finishing)
		p.do(bot.FinishStage{Order: r.Order()})
		p.stuckTimer(now)
	}
}

func (p *plan) promote(in Promote, now time.Time) {
	r := p.r
	if r.State != Waiting {
		return
	}
	p.learnBy("rollout.promoted", in.By, now)
	r.Why, r.Overruled = "", r.judged() && r.Verdict().Fails()
	p.advance(now)
}

// pause waits for a person at the present weight; production is still
// watched, and a breach still goes back.
func (p *plan) pause(why string, now time.Time) {
	p.to(Waiting)
	p.r.Why = why
	p.learn("rollout.waiting", now)
	p.window(now)
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}
