package deploy

import (
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// back returns the traffic. It is legal in every state that is not over.
func (p *plan) back(why string, blamed bool, now time.Time) {
	p.r.Why, p.r.Blamed = why, blamed
	p.to(Returning)
	p.learn("rollout.returning", now)
	p.mirror("failure", p.r.Why, now)
	p.do(bot.AbortStage{Order: p.r.Order()})
}

func (p *plan) returned(now time.Time) {
	if p.r.Stopped {
		p.end(Aborted, p.r.Why, now)
		return
	}
	p.end(RolledBack, p.r.Why, now)
}
