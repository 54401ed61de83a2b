package sim

import (
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

// orders: what is put in place is a commit that somebody saw and asked for, or
// one that was there before; and an order that may have been carried out is
// asked about before it is given again. Nothing of who was killed comes late
// here: one thing happens at a time. What somebody was about to send who stands
// still does; the target carries it out once, by its key.
func (v *verdict) orders(seen playground.Seen) {
	for _, why := range fakeprod.Unasked(seen.Calls, v.stood) {
		v.add("Asked before repeated", "%s", why)
	}
	for _, c := range seen.Calls {
		if _, sha, _ := strings.Cut(c.What, " "); c.Op == fakeprod.OpStart && !v.askedFor[sha] {
			v.add("Pinned", "%s was begun with %.7s, which nobody asked for", c.Key, sha)
		}
	}
}

// stood reports whether somebody stood still at a moment.
func (p *play) stood(at time.Time) bool {
	return slices.ContainsFunc(p.still, func(s [2]time.Time) bool { return !at.Before(s[0]) && !at.After(s[1]) })
}
