package trunk

import (
	"slices"
	"time"
)

// steady is how flaky a check may be to be believed without a repeat, where
// none came in time.
const steady = 0.01

// Judge tells what a check's history means at a moment.
func Judge(h History, s Settings, now time.Time) Finding {
	f := Finding{State: Unknown, First: -1, Last: -1}
	newest := h.newest()
	if newest < 0 {
		return f
	}
	if !h.Commits[newest].fails() {
		f.State = Green
		return f
	}
	f.First, f.Last = h.streak(newest)
	f.Since = h.since(f.First, time.Time{})
	e := h.evidence(f)
	repeats := e.repeats(h.Commits[f.First:]...)
	f.Failures, f.Chance = repeats+1, h.chance(repeats)
	f.Confirmed = h.enough(repeats, s) && h.whole(f, e, s)
	f.State = h.state(f, e, s, now)
	f.Confidence = h.confidence(f, e, s)
	if f.State == Suspect {
		f.Until = f.waits(e, s)
	}
	f.Wants = h.wants(&f, e, s, now)
	return f
}

// whole reports whether the world is: one of those that fail did so beside what
// passed before. Where nothing did, or it is not asked for, there is no telling.
func (h History) whole(f Finding, e evidence, s Settings) bool {
	return !s.Control || f.Last < 0 || f.Last == f.First || h.Commits[f.Last].Barred || slices.ContainsFunc(h.Commits[f.First:], func(c Commit) bool { return e.beside(c, h.Elsewhere) })
}

// waits is until when the evidence is waited for; after the world was broken anew.
func (f Finding) waits(e evidence, s Settings) time.Time {
	if e.tainted.After(f.Since) {
		return e.tainted.Add(s.MaxWait)
	}
	return f.Since.Add(s.MaxWait)
}

// state of a check whose newest run failed.
func (h History) state(f Finding, e evidence, s Settings, now time.Time) State {
	late := !now.Before(f.waits(e, s))
	switch {
	case f.First == f.Last && f.Confirmed, e.world > 0 && h.chance(e.world) <= wrongWorld:
		return Environment
	case f.Confirmed, late && e.world == 0 && (h.Rate < steady || h.enough(f.Failures-1, s)):
		return Red
	case late:
		return Released
	}
	return Suspect
}

// confidence in the oldest commit that fails.
func (h History) confidence(f Finding, e evidence, s Settings) Confidence {
	first := h.Commits[f.First]
	alone := f.Last >= 0 && f.Blamed() == 1
	repeats := e.repeats(first)
	switch {
	case f.State == Environment || f.First == f.Last:
		return Nobody
	case alone && h.enough(repeats, s) && (e.beside(first, h.Elsewhere) || !s.Control && h.fresh(f)):
		return Certain
	case alone && repeats > 0 && f.State == Red:
		return Likely
	}
	return Suspects
}

// fresh reports whether the commit before passed shortly before this one failed.
func (h History) fresh(f Finding) bool {
	for _, r := range h.Commits[f.Last].Runs {
		if !r.Failed && f.Since.Sub(r.Ended) <= 30*time.Minute {
			return true
		}
	}
	return false
}
