package lines

import (
	"strings"
	"unicode"
)

const (
	leastMoved = 3 // lines with something in them make a block
	mostPlaces = 8 // where a block may have come from are looked at
	mostDull   = 8 // lines in a row with nothing in them are no block
)

// move finds blocks that came in one place and are gone from another, of the
// same change. What is gone once makes up for what came once: a second copy
// counts.
func move(texts []text) {
	gone, come := lay(texts, func(r run) []line { return r.gone }), lay(texts, func(r run) []line { return r.come })
	places := map[string][]int{}
	for i, l := range gone {
		if l != nil && !l.dull() {
			places[l.norm] = append(places[l.norm], i)
		}
	}
	for i := 0; i < len(come); i++ {
		l := come[i]
		if l == nil || l.dull() {
			continue
		}
		from := unmoved(gone, places[l.norm])
		places[l.norm] = from
		if at, n := longest(gone, come[i:], from[:min(mostPlaces, len(from))]); n > 0 {
			for k := range n {
				gone[at+k].state, come[i+k].state = moved, moved
			}
			i += n - 1
		}
	}
}

// lay puts the lines that count one after the other; nil stands where other
// lines are between them.
func lay(texts []text, side func(run) []line) (all []*line) {
	for _, t := range texts {
		for _, r := range t.runs {
			lines := side(r)
			for i := range lines {
				if l := &lines[i]; l.state != counts || l.odd {
					all = append(all, nil)
				} else {
					all = append(all, l)
				}
			}
			all = append(all, nil)
		}
	}
	return all
}

// unmoved leaves out places at the beginning that are taken.
func unmoved(gone []*line, places []int) []int {
	for len(places) > 0 && gone[places[0]].state == moved {
		places = places[1:]
	}
	return places
}

// longest finds where the longest block that come begins with is gone, of the
// longest the first; n is 0 where there is none.
func longest(gone, come []*line, places []int) (at, n int) {
	for _, p := range places {
		if m := block(gone[p:], come); m > n {
			at, n = p, m
		}
	}
	return at, n
}

// block is how many lines at the beginning are equal, if that is enough to be
// called moved.
func block(gone, come []*line) (n int) {
	full, dull := 0, 0
	for n < len(gone) && n < len(come) && dull < mostDull {
		g, c := gone[n], come[n]
		if g == nil || c == nil || g.state != counts || g.norm != c.norm {
			break
		}
		n++
		if dull++; !c.dull() {
			full, dull = full+1, 0
		}
	}
	if full < leastMoved {
		return 0
	}
	return n
}

// dull lines are everywhere: a brace, an end.
func (l *line) dull() bool {
	return len(l.norm) < 4 || !strings.ContainsFunc(l.norm, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}
