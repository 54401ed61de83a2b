package trunks

import (
	"time"

	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// prepared are reverts of so many commits that can have done it.
const prepared = 4

// look at the trunk as the bot does, after each thing that it hears of.
func (w *world) look() {
	holds := false
	for check := range w.Rates {
		h, at := w.history(check)
		f := trunk.Judge(h, w.Settings, w.now)
		w.judged(check, f, at)
		holds = holds || f.State.Holds()
		w.follow(check, f, at)
	}
	w.hold(holds)
}

// follow a finding: what it wants is run, and what it offers is prepared.
func (w *world) follow(check int, f trunk.Finding, at []int) {
	for _, want := range f.Wants {
		w.start(at[want.Commit], check)
	}
	if f.Until.After(w.now) {
		w.in(f.Until.Sub(w.now), w.look)
	}
	if f.State.Holds() && f.Last >= 0 && f.Blamed() <= prepared {
		for _, head := range at[f.Last+1 : f.First+1] {
			w.prepare(head)
		}
	}
	if f.Confidence == trunk.Certain {
		w.offer(at[f.First], check)
	}
}

// hold merges, or let them go: GitHub acknowledges some seconds later.
func (w *world) hold(holds bool) {
	if holds == w.holds {
		return
	}
	w.holds = holds
	w.in(500*time.Millisecond+time.Duration(w.chance.IntN(4500))*time.Millisecond, func() {
		if w.holds == holds {
			w.held = holds
			w.merge()
		}
	})
}
