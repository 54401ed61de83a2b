package trunks

import (
	"slices"
	"time"
)

// draft of a revert, whose own checks run.
type draft struct {
	ready time.Time // they are over
	on    int       // the head that it takes the commit off
}

// prepare a revert of a commit that may have done it: its checks run beside the
// runs that decide.
func (w *world) prepare(culprit int) {
	if c := w.line[culprit]; c.draft == nil {
		c.draft = &draft{ready: w.now.Add(10*time.Second + w.about(w.Suite)), on: w.head()}
	}
}

// offer the revert: somebody presses, about a minute later.
func (w *world) offer(culprit, check int) {
	c := w.line[culprit]
	if c.offered {
		return
	}
	c.offered = true
	w.tally.Offers++
	if slices.Contains(c.faults[check], culprit) {
		w.tally.OffersRight++
	}
	w.prepare(culprit)
	pressed := 30*time.Second + w.after(30*time.Second)
	w.in(max(pressed, c.draft.ready.Sub(w.now)), func() {
		switch {
		case !w.open[check].open: // it is green again, and the offer was withdrawn
		case c.draft.on == w.head():
			w.push(w.without(culprit))
			w.prove()
		default: // it is not what was tried
			w.in(w.about(w.Suite), func() { w.push(w.without(culprit)) })
		}
	})
}

// prove the head that was merged as it was tried: the same files passed as a change.
func (w *world) prove() {
	head := w.line[w.head()]
	for check := range w.Rates {
		if !w.broken(w.head(), check) && !w.down(w.now) {
			proof := run{over: true}
			proof.Started, proof.Ended = w.now, w.now
			head.runs[check] = append(head.runs[check], proof)
		}
	}
	w.look()
}
