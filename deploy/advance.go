package deploy

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

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
