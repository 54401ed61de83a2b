package deploy

import (
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// abort: a person wants the traffic back.
func (p *plan) abort(in Abort, now time.Time) {
	if p.r.State == Returning {
		return
	}
	p.r.Stopped = true
	p.learnBy("rollout.stopped", in.By, now)
	p.back(orElse(in.Reason, in.By.Name()+" asked for it"), false, now)
}

// back returns the traffic. It is legal in every state that is not over. A
// rollback has nothing better to return to: unless a person stops it, it ends
// for somebody to look.
func (p *plan) back(why string, blamed bool, now time.Time) {
	r := p.r
	if r.Kind == KindRollback && !r.Stopped {
		p.end(RollbackFailed, why, now)
		return
	}
	r.Why, r.Blamed = why, blamed
	p.to(Returning)
	p.learn("rollout.returning", now)
	p.mirror("failure", r.Why, now)
	p.do(bot.AbortStage{Order: r.Order()})
	p.stuckTimer(now)
}

// returned ends a way back, as the executor says it went.
func (p *plan) returned(in Settled, now time.Time) {
	switch {
	case in.Outcome != bot.Done:
		p.notReturned(in.Detail, now)
	case p.r.Stopped:
		p.end(Aborted, p.r.Why, now)
	default:
		p.end(RolledBack, p.r.Why, now)
	}
}

// notReturned: nobody knows where the traffic is, and why it was to go back
// matters as much as why it did not.
func (p *plan) notReturned(because string, now time.Time) {
	p.end(RollbackFailed, p.r.Why+"; and the traffic did not go back: "+because, now)
}
