package trunk

import (
	"slices"
	"time"
)

const (
	// again is how long a broken world is left alone before it is looked at once
	// more; each time twice as long, up to seldom.
	again  = 5 * time.Minute
	seldom = time.Hour
	// apart is how much later than what passed before a commit is run again:
	// then a world that heals between the two makes it pass, and accuses nobody.
	apart = 30 * time.Second
	// side is how many commits are run side by side: with so few, all of them are
	// no more runs than halving takes, and one, and it takes a single suite.
	side = 4
)

// wants are the runs that would tell more. Of one commit no second run is wanted
// while one runs.
func (h History) wants(f *Finding, e evidence, s Settings, now time.Time) (wants []Want) {
	switch {
	case f.Silent: // more would not be heard of either
		return nil
	case e.world > 0:
		return h.control(f, e, s, now)
	}
	first := h.Commits[f.First]
	controls := s.Control && f.Last >= 0 && f.Last != f.First && !h.Commits[f.Last].Barred && len(e.controls) < s.Reruns
	if (!h.enough(e.repeats(first), s) || controls && f.Blamed() == 1 && !e.beside(first) && !h.pairs(*f)) && h.may(f.First, len(first.Runs)-1, s.Reruns) {
		wants = append(wants, Want{f.First, Again})
	}
	for _, at := range h.within(*f) {
		wants = append(wants, Want{at, Within})
	}
	if len(wants) == 0 || !controls {
		return wants
	}
	switch control := h.Commits[f.Last].Live; {
	case control.IsZero():
		f.Until = soonest(f.Until, now.Add(apart))
		return []Want{{f.Last, Beside}}
	case now.Before(control.Add(apart)):
		f.Until = soonest(f.Until, control.Add(apart))
		return nil
	}
	return wants
}

// pairs reports whether the oldest commit that fails did so in a run that began
// while what passed before ran, which runs still.
func (h History) pairs(f Finding) bool {
	control := h.Commits[f.Last].Live
	return !control.IsZero() && slices.ContainsFunc(h.Commits[f.First].lately(), func(r Run) bool { return !r.Started.Before(control) })
}

// control looks whether a broken world is whole again.
func (h History) control(f *Finding, e evidence, s Settings, now time.Time) []Want {
	due := e.controls[len(e.controls)-1].Ended
	if f.State == Environment {
		due = due.Add(h.rest(e.world))
	}
	switch {
	case !h.may(f.Last, len(e.controls), 3*s.Reruns): // a day of it: the next commit tells
		return nil
	case now.Before(due):
		f.Until = soonest(f.Until, due)
		return nil
	}
	return []Want{{f.Last, Beside}}
}

// rest is how long a world is left alone that failed so often in a row.
func (h History) rest(world int) time.Duration {
	rest := again
	for n := world - 1; n > 0 && h.chance(n) <= wrongWorld && rest < seldom; n-- {
		rest *= 2
	}
	return min(rest, seldom)
}

func soonest(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// may reports whether a commit may be run once more, of so many times at most.
func (h History) may(at, ran, most int) bool {
	return h.Commits[at].Live.IsZero() && !h.Commits[at].Barred && ran < most
}

// within are the commits to be run of those that can have done it: the middle
// one, and where they are few all at once.
func (h History) within(f Finding) (at []int) {
	if f.Blamed() < 2 || f.Last < 0 {
		return nil
	}
	for i := f.Last + 1; i < f.First; i++ {
		switch {
		case h.Commits[i].Barred:
		case h.Commits[i].Live.IsZero():
			at = append(at, i)
		case f.Blamed() > side:
			return nil
		}
	}
	if f.Blamed() <= side {
		return at
	}
	if at := h.middle(f); !h.Commits[at].Barred {
		return []int{at}
	}
	return nil
}

func (h History) middle(f Finding) int { return min(f.Last+(f.Blamed()+1)/2, f.First-1) }
