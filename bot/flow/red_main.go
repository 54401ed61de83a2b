package flow

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// quick is how soon a broken main should be green again.
const quick = 10 * time.Minute

// redMain is how many minutes of the period the watched branches were red,
// how often they broke in it, and how long each took to be green again. What
// was watched no more was red for at least as long as it was watched.
func redMain(w window, r *Result) {
	r.Of = "incidents"
	var red time.Duration
	soon := 0
	for _, i := range w.incidents {
		healed, open := i.Healed, i.Healed.IsZero()
		if open {
			healed = w.p.asOf()
		}
		red += overlap(i.Broke, healed, w.p.From, w.p.To)
		if !w.p.holds(i.Broke) {
			r.note("began before the period, its minutes counted")
			continue
		}
		took := max(0, healed.Sub(i.Broke))
		switch {
		case open:
			r.note("still red")
		case i.Unwatched:
			r.note("red until it was watched no more")
		case took <= quick:
			soon++
		}
		r.Items = append(r.Items, Item{Of: fmt.Sprintf("%s %d", i.Branch, i.Number), Value: took.Minutes(), AtLeast: open || i.Unwatched})
	}
	r.N = len(r.Items)
	r.Line = "main never broke"
	if len(w.incidents) == 0 {
		return
	}
	r.figure("red_minutes", red.Minutes(), "minutes", len(w.incidents))
	r.percentiles("minutes")
	if r.N > 0 {
		r.figure("green_within_10_minutes", over(soon, r.N), "share", r.N)
	}
	r.Line = fmt.Sprintf("red for %s, broke %s, %d green again in 10 min", words.For(red), times(r.N), soon)
}

func overlap(a, b, from, to time.Time) time.Duration {
	if a.Before(from) {
		a = from
	}
	if b.After(to) {
		b = to
	}
	return max(0, b.Sub(a))
}
