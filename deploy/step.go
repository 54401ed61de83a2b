package deploy

import (
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

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

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}
