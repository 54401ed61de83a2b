package fakeprod

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Unasked lists the orders that were sent again although the target had not
// said since that it did not know them: it looks at what went over the wire, for
// the target knows each key again and would hide a repetition. Where late says
// of a moment at which the target was asked that something sent before may still
// come after the answer, one order may; nobody can know that, and the key makes
// it harmless. With nil nothing comes late.
func Unasked(calls []Call, late func(asked time.Time) bool) (wrong []string) {
	may, onItsWay, sent, came := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string][]string{}
	for _, c := range calls {
		came[c.Key] = append(came[c.Key], fmt.Sprintf("%s %s %d", c.At.Format("15:04:05.000"), c.Op, c.Status))
		switch c.Op {
		case OpFind:
			may[c.Key] = c.Status == http.StatusNotFound
			if may[c.Key] && late != nil && late(c.At) {
				onItsWay[c.Key] = true // whatever is said of it until it comes
			}
		case OpStart:
			switch {
			case may[c.Key] || !sent[c.Key]:
			case onItsWay[c.Key]:
				onItsWay[c.Key] = false
			default:
				wrong = append(wrong, fmt.Sprintf("order %s was sent again, and nobody had said that it was unknown: %s", c.Key, strings.Join(came[c.Key], ", ")))
			}
			sent[c.Key], may[c.Key] = true, false
		}
	}
	return wrong
}
