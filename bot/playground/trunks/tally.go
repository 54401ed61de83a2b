package trunks

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// Tally of what came of many days.
type Tally struct {
	Trunks, Merges, Runs  int
	Certain, CertainRight int // commits that were named as certain
	Offers, OffersRight   int // reverts that were offered
	Likely, LikelyRight   int // and pushes as likely, first
	Faults, Named         int // commits that broke a check, and those that were named
	Repaired, Unfinished  int // of the others those repaired by hand before, and those still there at the day's end
	Flakes, WronglyRed    int // failures by themselves on pushes, and those that were confirmed as broken
	Outages, OutagesRed   int // suspicions that an outage raised; those that were confirmed as broken
	Blamed                int // and those for which a commit was named
	Heals                 []time.Duration
}

// Add what came of other days.
func (t *Tally) Add(o Tally) {
	for _, pair := range [][2]*int{
		{&t.Trunks, &o.Trunks}, {&t.Merges, &o.Merges}, {&t.Runs, &o.Runs}, {&t.Certain, &o.Certain}, {&t.CertainRight, &o.CertainRight},
		{&t.Offers, &o.Offers}, {&t.OffersRight, &o.OffersRight}, {&t.Likely, &o.Likely}, {&t.LikelyRight, &o.LikelyRight}, {&t.Faults, &o.Faults}, {&t.Named, &o.Named}, {&t.Repaired, &o.Repaired},
		{&t.Unfinished, &o.Unfinished}, {&t.Flakes, &o.Flakes}, {&t.WronglyRed, &o.WronglyRed}, {&t.Outages, &o.Outages}, {&t.OutagesRed, &o.OutagesRed}, {&t.Blamed, &o.Blamed},
	} {
		*pair[0] += *pair[1]
	}
	t.Heals = append(t.Heals, o.Heals...)
}

// Healed is how long it took from the first failure to green, where the check
// was healthy, somebody pressed, and nobody repaired it by hand: for a share of
// the times at most that long.
func (t *Tally) Healed(share float64) time.Duration {
	if len(t.Heals) == 0 {
		return 0
	}
	slices.Sort(t.Heals)
	return t.Heals[min(len(t.Heals)-1, int(share*float64(len(t.Heals))))]
}

// ran notes what a run really was.
func (w *world) ran(at, check int, r run) {
	w.tally.Runs++
	faults := w.line[at].faults[check]
	if first := len(w.line[at].runs[check]) == 1; first && r.flaked && len(faults) == 0 && !w.down(r.tells) {
		w.tally.Flakes++
	}
	for _, fault := range faults {
		if c := w.line[fault]; !c.seen {
			c.seen = true
			w.tally.Faults++
			w.repair(fault)
		}
	}
}

// names holds a finding's push to the commit that did it: the one that is named as
// certain came alone.
func (w *world) names(check, at int, c trunk.Confidence) {
	if c != trunk.Certain && c != trunk.Likely || w.line[at].named == trunk.Certain || w.line[at].named == c {
		return
	}
	was := w.line[at].named
	w.line[at].named = c
	right := false
	for i := w.line[at].came; i <= at; i++ {
		if slices.Contains(w.line[at].faults[check], i) {
			right = true
			w.line[i].found = true
		}
	}
	n, ok := &w.tally.Likely, &w.tally.LikelyRight
	if c == trunk.Certain {
		n, ok = &w.tally.Certain, &w.tally.CertainRight
	}
	*n++
	if right {
		*ok++
	}
	if right && was == trunk.Nobody {
		w.tally.Named++
	}
	if e := &w.open[check]; e.outage && !e.blamed && !right {
		e.blamed = true
		w.tally.Blamed++
	}
}

// close the books at the day's end.
func (w *world) close() {
	for i, c := range w.line {
		switch {
		case !c.seen || c.found:
		case c.repaired:
			w.tally.Repaired++
		case w.has(i):
			w.tally.Unfinished++
		}
	}
}
