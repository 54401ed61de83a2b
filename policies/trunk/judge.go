package trunk

import (
	"slices"
	"time"
)

// steady is how flaky a check may be to be believed without a repeat, where
// none came in time.
const steady = 0.01

// Believed is how long a run that was asked for, and of which nothing is heard,
// is believed to come.
const Believed = 15 * time.Minute

// Judge tells what a check's history means at a moment. What was red is so until
// it passes: by the history alone, in whichever order it was told.
func Judge(h History, s Settings, now time.Time) Finding {
	f := h.judge(s, now)
	if f.First >= 0 && f.State != Red && h.wasRed(f, s, now) {
		f.State = Red
	}
	return f
}

func (h History) judge(s Settings, now time.Time) Finding {
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
	f.Late = f.waits(e, s)
	f.Silent, f.Barred = h.silent(f, now), h.Commits[f.First].Barred
	f.State = h.state(f, e, s, now)
	f.Confidence = h.confidence(f, e, s)
	if f.State == Suspect {
		f.Until = f.Late
	}
	f.Wants = h.wants(&f, e, s, now)
	return f
}

// whole reports whether the world is: one of those that fail did so beside what
// passed before. Where nothing did, or it is not asked for, there is no telling.
func (h History) whole(f Finding, e evidence, s Settings) bool {
	return !s.Control || f.Last < 0 || f.Last == f.First || h.Commits[f.Last].Barred || slices.ContainsFunc(h.Commits[f.First:], func(c Commit) bool { return e.beside(c) })
}

// waits is until when the evidence is waited for; after the world was broken anew.
func (f Finding) waits(e evidence, s Settings) time.Time {
	wait := s.MaxWait
	if e.tainted.After(f.Since) {
		wait = min(wait+e.tainted.Sub(f.Since), 2*wait)
	}
	return f.Since.Add(wait)
}

// silent reports whether a run of the oldest that fails, or of what passed before,
// was asked for and has not reported for too long.
func (h History) silent(f Finding, now time.Time) bool {
	for _, at := range []int{f.First, f.Last} {
		if at < 0 {
			continue
		}
		asked := h.Commits[at].Asked
		if !asked.Before(f.Since) && (now.Sub(asked) >= Believed || now.Sub(asked) >= time.Minute && !now.Before(f.Late)) {
			return true
		}
	}
	return false
}

// state of a check whose newest run failed.
func (h History) state(f Finding, e evidence, s Settings, now time.Time) State {
	late := !now.Before(f.Late)
	switch {
	case f.First == f.Last && f.Confirmed, e.world > 0 && h.chance(e.world) <= wrongWorld:
		return Environment
	case f.Confirmed, f.Silent, f.Barred, late && e.world == 0 && !e.chosen.IsZero() && (h.Rate < steady || h.enough(f.Failures-1, s)):
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
	case alone && first.Steps == 1 && h.enough(repeats, s) && (e.beside(first) || !s.Control && h.fresh(f)):
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

// wasRed reports whether the branch was red at any moment since the first
// failure and did not pass after that.
func (h History) wasRed(f Finding, s Settings, now time.Time) (red bool) {
	h.Commits = h.Commits[h.from(f):]
	for at := f.Since; !at.IsZero() && !at.After(now); {
		g := h.asOf(at).judge(s, at)
		red = g.First >= 0 && (red || g.State == Red)
		at = h.next(at, g.Late)
	}
	return red
}

// from is the first commit that has a say since the first failure: that passed
// before it, or ran after it.
func (h History) from(f Finding) int {
	ran := slices.IndexFunc(h.Commits, func(c Commit) bool {
		return slices.ContainsFunc(c.Runs, func(r Run) bool { return r.Ended.After(f.Since) })
	})
	for i := min(f.Last, len(h.Commits)-1); i >= 0; i-- {
		if slices.ContainsFunc(h.Commits[i].Runs, func(r Run) bool { return !r.Failed && !r.Ended.After(f.Since) }) {
			if ran >= 0 {
				i = min(i, ran)
			}
			return i
		}
	}
	return 0
}

// next moment after one at which something ended, or was waited for long enough;
// zero: there is none.
func (h History) next(after, late time.Time) (at time.Time) {
	moments := []time.Time{late}
	for _, c := range h.Commits {
		for _, r := range c.Runs {
			moments = append(moments, r.Ended)
		}
		if !c.Asked.IsZero() {
			moments = append(moments, c.Asked.Add(Believed))
		}
	}
	for _, m := range moments {
		if m.After(after) {
			at = soonest(at, m)
		}
	}
	return at
}

// asOf is the history as it was known at a moment, where all was told at once.
func (h History) asOf(at time.Time) History {
	h.Commits = slices.Clone(h.Commits)
	for i, c := range h.Commits {
		h.Commits[i].Runs = slices.DeleteFunc(slices.Clone(c.Runs), func(r Run) bool { return r.Ended.After(at) })
		if c.Asked.After(at) {
			h.Commits[i].Asked = time.Time{}
		}
	}
	return h
}
