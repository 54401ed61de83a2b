package fakegithub

import (
	"slices"
	"strings"
)

// hunk is lines of the base that somebody replaced by others.
type hunk struct {
	from, to int // of the base's lines
	lines    []string
}

func hunks(base, now []string) []hunk {
	var list []hunk
	pos, open := 0, false
	for _, e := range diffLines(base, now) {
		if e.op == ' ' {
			pos, open = pos+1, false
			continue
		}
		if !open {
			list, open = append(list, hunk{from: pos, to: pos}), true
		}
		h := &list[len(list)-1]
		if e.op == '+' {
			h.lines = append(h.lines, e.line)
		} else {
			pos++
			h.to = pos
		}
	}
	return list
}

// merge3 puts two edits of one text together. Edits that touch are a
// conflict, as for git, unless both say the same.
func merge3(base, ours, theirs string) (text string, clean bool) {
	lines0 := lines(base)
	a, b := hunks(lines0, lines(ours)), hunks(lines0, lines(theirs))
	var out []string
	pos := 0
	for len(a) > 0 || len(b) > 0 {
		if len(a) == 0 || len(b) > 0 && b[0].from < a[0].from {
			a, b = b, a
		}
		h := a[0]
		if len(b) > 0 && b[0].from <= h.to {
			if b[0].from != h.from || b[0].to != h.to || !slices.Equal(b[0].lines, h.lines) {
				return "", false
			}
			b = b[1:]
		}
		out = append(append(out, lines0[pos:h.from]...), h.lines...)
		pos, a = h.to, a[1:]
	}
	return strings.Join(append(out, lines0[pos:]...), ""), true
}
