package trunks

import (
	"time"

	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// episode of a check that is not green.
type episode struct {
	open    bool
	since   time.Time
	fault   bool // a fault was in it
	outage  bool // it began with one
	healthy bool // it hardly ever flakes, and that is known
	helped  bool // somebody repaired something by hand
	wrong   bool // it was confirmed as broken without a fault
	blamed  bool // somebody was named who had not done it
}

// healthy is how rarely such a check flakes.
const healthy = 0.001

// judged holds a finding to what is true.
func (w *world) judged(check int, f trunk.Finding, at []int) {
	e := &w.open[check]
	if f.First < 0 {
		w.ended(check)
		return
	}
	first := at[f.First]
	if !e.open {
		h, _ := w.history(check)
		*e = episode{
			open: true, since: f.Since, healthy: h.Rate <= healthy && w.Rates[check] <= healthy,
			outage: !w.broken(first, check) && w.down(w.failed(first, check).tells),
		}
		if e.outage {
			w.tally.Outages++
		}
	}
	broken := w.faulty(first, check)
	e.fault = e.fault || broken
	for _, fault := range w.line[first].faults[check] {
		e.helped = e.helped || w.line[fault].repaired
	}
	if f.State == trunk.Red && f.Confirmed && !broken && !e.wrong {
		e.wrong = true
		if e.outage {
			w.tally.OutagesRed++
		} else {
			w.tally.WronglyRed++
		}
	}
	w.names(check, first, f.Confidence)
}

// faulty reports whether a commit that ran, from one on, breaks a check.
func (w *world) faulty(from, check int) bool {
	for at := from; at < len(w.line); at++ {
		if w.broken(at, check) && len(w.line[at].runs[check]) > 0 {
			return true
		}
	}
	return false
}

// failed is the first run on a commit that did.
func (w *world) failed(at, check int) run {
	for _, r := range w.line[at].runs[check] {
		if r.over && r.Failed {
			return r
		}
	}
	return run{}
}

// ended: it is green again.
func (w *world) ended(check int) {
	e := &w.open[check]
	by := w.line[w.head()].reverts
	if e.open && e.fault && e.healthy && !e.helped && (by == nobody || !w.line[by].repaired) {
		w.tally.Heals = append(w.tally.Heals, w.now.Sub(e.since))
	}
	e.open = false
}
