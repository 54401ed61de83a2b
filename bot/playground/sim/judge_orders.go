package sim

import (
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// orders: what is put in place is a commit that somebody saw and asked for, or
// one that was there before; and an order that may have been carried out is
// asked about before it is given again.
func (v *verdict) orders(seen playground.Seen) {
	done := map[string]bool{} // and not asked about since
	for _, c := range seen.Calls {
		switch c.Op {
		case fakeprod.OpStart:
			if done[c.Key] {
				v.add("Asked before repeated", "%s was begun, and ordered again without a look", c.Key)
			}
			done[c.Key] = done[c.Key] || c.Status/100 == 2
			if _, sha, _ := strings.Cut(c.What, " "); !v.askedFor[sha] {
				v.add("Pinned", "%s was begun with %.7s, which nobody asked for", c.Key, sha)
			}
		case fakeprod.OpFind:
			done[c.Key] = false
		}
	}
}
