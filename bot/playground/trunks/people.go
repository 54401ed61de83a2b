package trunks

import (
	"slices"
	"time"
)

// next commit: the files of the one before, with some chance of a fault.
func (w *world) next(before *commit, at int) *commit {
	c := &commit{reverts: nobody}
	broken := nobody
	if w.chance.Float64() < w.Breaks {
		broken = w.chance.IntN(len(w.Rates))
	}
	for check, faults := range before.faults {
		if check == broken {
			faults = append(slices.Clone(faults), at)
		}
		c.faults, c.runs = append(c.faults, faults), append(c.runs, nil)
	}
	return c
}

// without is the head's files without a commit's faults: what a repair or a revert of it brings.
func (w *world) without(fault int) *commit {
	c := &commit{reverts: fault}
	for _, faults := range w.line[w.head()].faults {
		kept := slices.DeleteFunc(slices.Clone(faults), func(f int) bool { return f == fault })
		c.faults, c.runs = append(c.faults, kept), append(c.runs, nil)
	}
	return c
}

// somebody wants to merge, now and then.
func (w *world) somebody() {
	w.in(w.after(w.Gap), func() {
		w.waiting++
		w.in(time.Duration(w.chance.IntN(3000))*time.Millisecond, w.merge)
		w.somebody()
	})
}

// merge what waits, unless GitHub refuses.
func (w *world) merge() {
	if w.held || w.waiting == 0 {
		return
	}
	w.waiting--
	w.tally.Merges++
	commits, before := []*commit{}, w.line[w.head()]
	for range w.size() {
		before = w.next(before, len(w.line)+len(commits))
		commits = append(commits, before)
	}
	w.push(commits...)
	if w.waiting > 0 {
		w.in(w.after(20*time.Second), w.merge)
	}
}

// size of a push, in commits.
func (w *world) size() int {
	if w.chance.Float64() < w.Batched {
		return 2 + w.chance.IntN(3)
	}
	return 1
}

// repair is pushed by whoever understands the fault, some time after it was
// seen; the author sooner. It merges although others wait.
func (w *world) repair(fault int) {
	mean := 45 * time.Minute
	if w.chance.Float64() < 0.3 {
		mean = 15 * time.Minute
	}
	w.in(w.after(mean)+w.Suite, func() {
		if w.has(fault) {
			w.line[fault].repaired = true
			w.push(w.without(fault))
		}
	})
}

// has reports whether the head still has a commit's fault.
func (w *world) has(fault int) bool {
	return slices.ContainsFunc(w.line[w.head()].faults, func(faults []int) bool { return slices.Contains(faults, fault) })
}
