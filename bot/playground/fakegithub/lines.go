package fakegithub

import (
	"slices"
	"strings"
)

// lines splits a content; a last line without an end is a line too.
func lines(content string) []string {
	list := strings.SplitAfter(content, "\n")
	if list[len(list)-1] == "" {
		list = list[:len(list)-1]
	}
	return list
}

type edit struct {
	op   byte // ' ', '+', '-'
	line string
}

// maxSteps bounds the search for the shortest script; two files that differ by
// more lines are shown as one replaced by the other.
const maxSteps = 2000

// diffLines is Myers' shortest edit script.
// E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986.
func diffLines(a, b []string) []edit {
	var head, tail []edit
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head, a, b = append(head, edit{' ', a[0]}), a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail = append(tail, edit{' ', a[len(a)-1]})
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	slices.Reverse(tail)
	return slices.Concat(head, script(a, b), tail)
}

func script(a, b []string) []edit {
	trace, found := search(a, b)
	if !found {
		return replace(a, b)
	}
	var out []edit
	x, y := len(a), len(b)
	for d := len(trace) - 1; d > 0; d-- {
		v, k := trace[d-1], x-y
		prev := k - 1
		if k == -d || k != d && at(v, k-1) < at(v, k+1) {
			prev = k + 1
		}
		px := at(v, prev)
		py := px - prev
		for x > px && y > py {
			x, y = x-1, y-1
			out = append(out, edit{' ', a[x]})
		}
		if x == px {
			y--
			out = append(out, edit{'+', b[y]})
		} else {
			x--
			out = append(out, edit{'-', a[x]})
		}
	}
	for x > 0 {
		x--
		out = append(out, edit{' ', a[x]})
	}
	slices.Reverse(out)
	return out
}

// search walks the furthest reaching paths of 0, 1, 2… edits and keeps each
// front, which the way back needs.
func search(a, b []string) (trace [][]int, found bool) {
	var last []int
	for d := 0; d <= min(len(a)+len(b), maxSteps); d++ {
		v := make([]int, 2*d+1)
		for k := -d; k <= d; k += 2 {
			x := 0
			switch {
			case d == 0:
			case k == -d || k != d && at(last, k-1) < at(last, k+1):
				x = at(last, k+1)
			default:
				x = at(last, k-1) + 1
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			v[k+d] = x
			if x >= len(a) && x-k >= len(b) {
				return append(trace, v), true
			}
		}
		trace, last = append(trace, v), v
	}
	return nil, false
}

// at reads diagonal k of a front; outside of it nothing was reached.
func at(v []int, k int) int {
	d := len(v) / 2
	if k < -d || k > d {
		return -1
	}
	return v[k+d]
}

func replace(a, b []string) []edit {
	var out []edit
	for _, l := range a {
		out = append(out, edit{'-', l})
	}
	for _, l := range b {
		out = append(out, edit{'+', l})
	}
	return out
}
