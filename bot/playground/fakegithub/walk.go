package fakegithub

import (
	// what git names objects by

	"slices"
)

// Which side a walk came to a commit from.
const (
	fromA = 1 << iota
	fromB
)

// walk goes back from two commits, always to the commit with the latest turn.
// A commit's turn is later than its parents', so that all ways to a commit
// have been gone before it is visited. Visit is told from which sides it was
// reached and how many that wait were reached from b alone; it says whether to
// go on.
func walk(a, b *commit, visit func(c *commit, sides, onlyB int) bool) {
	sides := map[*commit]int{}
	var open []*commit
	reach := func(c *commit, side int) {
		if c != nil && sides[c] == 0 {
			open = append(open, c)
		}
		if c != nil {
			sides[c] |= side
		}
	}
	reach(a, fromA)
	reach(b, fromB)
	for len(open) > 0 {
		i, onlyB := 0, 0
		for j, c := range open {
			if c.turn > open[i].turn {
				i = j
			}
			if sides[c] == fromB {
				onlyB++
			}
		}
		c := open[i]
		open = slices.Delete(open, i, i+1)
		if !visit(c, sides[c], onlyB) {
			return
		}
		for _, p := range c.parents {
			reach(p, sides[c])
		}
	}
}

// mergeBase is the newest commit that both have; nil when they share none.
func mergeBase(a, b *commit) (best *commit) {
	walk(a, b, func(c *commit, sides, _ int) bool {
		if sides == fromA|fromB {
			best = c
		}
		return best == nil
	})
	return best
}

// between lists what head has and base has not, oldest first.
func between(base, head *commit) []*commit {
	var list []*commit
	walk(base, head, func(c *commit, sides, onlyB int) bool {
		if sides == fromB {
			list = append(list, c)
		}
		return onlyB > 0
	})
	slices.Reverse(list)
	return list
}
