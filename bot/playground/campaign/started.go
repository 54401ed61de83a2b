package campaign

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// onItsWay is how long what a process sent may take to arrive after it was
// killed.
const onItsWay = 2 * time.Second

// StartedTwice looks at what went over the wire, for the target itself would
// hide a repetition: it knows each key again. An order may be sent again only
// when the target has said since that it does not know it, and no commit may go
// to an environment under two keys. Where a process was killed just before the
// target was asked, what it had sent may arrive after the answer; nobody can
// know that, and the key makes it harmless. began counts the orders.
func StartedTwice(calls []fakeprod.Call, killed []time.Time) (wrong []string, began int) {
	may, sent, keys, came := map[string]int{}, map[string]bool{}, map[string]string{}, map[string][]string{}
	for _, c := range calls {
		came[c.Key] = append(came[c.Key], fmt.Sprintf("%s %s %d", c.At.Format("15:04:05.000"), c.Op, c.Status))
		switch {
		case c.Op == fakeprod.OpFind && c.Status == http.StatusNotFound:
			may[c.Key] = 1 + late(killed, c.At)
		case c.Op == fakeprod.OpFind:
			may[c.Key] = 0
		case c.Op == fakeprod.OpStart:
			if sent[c.Key] && may[c.Key] == 0 {
				wrong = append(wrong, fmt.Sprintf("order %s was sent again, and nobody had said that it was unknown: %s", c.Key, strings.Join(came[c.Key], ", ")))
			}
			sent[c.Key], may[c.Key] = true, max(0, may[c.Key]-1)
			if !c.Changed {
				continue
			}
			if other := keys[c.What]; other != "" && other != c.Key {
				wrong = append(wrong, fmt.Sprintf("%s was begun as %s and as %s", c.What, other, c.Key))
			}
			keys[c.What] = c.Key
			began++
		}
	}
	return wrong, began
}

// late is 1 when what a killed process sent may arrive after the target was
// asked at a moment.
func late(killed []time.Time, asked time.Time) int {
	for _, at := range killed {
		if asked.After(at) && asked.Sub(at) < onItsWay {
			return 1
		}
	}
	return 0
}
