package campaign

import (
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// onItsWay is how long what a process sent may take to arrive after it was
// killed.
const onItsWay = 2 * time.Second

// StartedTwice looks for orders that were sent again unasked, and for commits
// that went to an environment under two keys. Where a process was killed just
// before the target was asked, what it had sent may arrive after the answer.
// began counts the orders.
func StartedTwice(calls []fakeprod.Call, killed []time.Time) (wrong []string, began int) {
	wrong = fakeprod.Unasked(calls, func(asked time.Time) bool {
		return slices.ContainsFunc(killed, func(at time.Time) bool { return asked.After(at) && asked.Sub(at) < onItsWay })
	})
	keys := map[string]string{}
	for _, c := range calls {
		if c.Op != fakeprod.OpStart || !c.Changed {
			continue
		}
		if other := keys[c.What]; other != "" && other != c.Key {
			wrong = append(wrong, fmt.Sprintf("%s was begun as %s and as %s", c.What, other, c.Key))
		}
		keys[c.What] = c.Key
		began++
	}
	return wrong, began
}
