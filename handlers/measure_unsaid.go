package handlers

import (
	"errors"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// notSaid is that the size of a change was asked for in vain, at a head and
// towards a branch: how often, the newest reason, and whether asking again
// cannot help.
type notSaid struct {
	Head  bot.SHA `json:"head"`
	Base  string  `json:"base"`
	Tries int     `json:"tries"`
	Why   string  `json:"why,omitempty"`
	Never bool    `json:"never,omitempty"`
}

// askAgain is after how long the size is asked for once more: GitHub may not
// be ready yet, or be away for a while. After the last it is for people.
var askAgain = []time.Duration{5 * time.Second, time.Minute, 10 * time.Minute, time.Hour}

// vain notes that a change has no size that anybody says, and has it judged
// again when it may have one. It fails no judgement: what else there is to say
// of the change, and what people ask for on it, does not wait for GitHub to
// count.
func (d *changeDoc) vain(cause error, now time.Time, plan *bot.Plan) {
	d.Change.HasTotals = false
	n := notSaid{Head: d.Change.Head, Base: d.Change.BaseRef}
	if d.inVain() {
		n.Tries = d.Unsaid.Tries
	}
	if cause != nil {
		n.Why, n.Never = cause.Error(), errors.As(cause, &bot.Permanent{})
	}
	if n.Tries < len(askAgain) && !n.Never {
		plan.Wake(bot.Timer{
			ID: fmt.Sprintf("judge/size/%s/%d", d.Change.Ref.Key(), now.UnixMilli()), At: now.Add(askAgain[n.Tries]),
			Event: bot.JudgeDue{Ref: d.Change.Ref, Why: "size"},
		})
	}
	n.Tries++
	d.Unsaid = &n
}

// inVain reports whether the size was asked for in vain as the change is now.
func (d changeDoc) inVain() bool {
	return d.Unsaid != nil && d.Unsaid.Head == d.Change.Head && d.Unsaid.Base == d.Change.BaseRef
}

func (d changeDoc) unsaid() policies.Unsaid {
	if !d.inVain() {
		return policies.Unsaid{}
	}
	return policies.Unsaid{Why: d.Unsaid.Why, Never: d.Unsaid.Never}
}
