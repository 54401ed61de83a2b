package lines

// mostPairs bounds the table in which a run's lines are compared each with
// each: at most 256 comparisons a line, so that all stays linear.
const mostPairs = 1 << 18

// pair finds lines of a run that came for others and differ from them in white
// space alone, in their order: the most of them, as far as it can be found in
// a table; in a longer run the next that fits.
func (r run) pair() {
	gone, come := left(r.gone, r.come), left(r.come, r.gone)
	for len(gone) > 0 && len(come) > 0 && gone[0].norm == come[0].norm {
		match(gone[0], come[0])
		gone, come = gone[1:], come[1:]
	}
	for n, m := len(gone), len(come); n > 0 && m > 0 && gone[n-1].norm == come[m-1].norm; n, m = len(gone), len(come) {
		match(gone[n-1], come[m-1])
		gone, come = gone[:n-1], come[:m-1]
	}
	if len(gone)*len(come) > mostPairs {
		inTurn(gone, come)
		return
	}
	inTable(gone, come)
}

func match(a, b *line) { a.state, b.state = whitespace, whitespace }

// left are the lines that could be in a pair: an equal one is on the other side.
func left(of, other []line) (some []*line) {
	there := map[string]bool{}
	for _, l := range other {
		if !l.odd && l.state == counts {
			there[l.norm] = true
		}
	}
	for i := range of {
		if l := &of[i]; !l.odd && there[l.norm] {
			some = append(some, l)
		}
	}
	return some
}

// inTable finds a longest common subsequence; of several the one whose pairs
// come first.
func inTable(gone, come []*line) {
	wide := len(come) + 1
	most := make([]int32, (len(gone)+1)*wide) // of what follows i and j
	for i := len(gone) - 1; i >= 0; i-- {
		for j := len(come) - 1; j >= 0; j-- {
			if gone[i].norm == come[j].norm {
				most[i*wide+j] = most[(i+1)*wide+j+1] + 1
			} else {
				most[i*wide+j] = max(most[(i+1)*wide+j], most[i*wide+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(gone) && j < len(come); {
		switch {
		case gone[i].norm == come[j].norm:
			match(gone[i], come[j])
			i, j = i+1, j+1
		case most[(i+1)*wide+j] >= most[i*wide+j+1]:
			i++
		default:
			j++
		}
	}
}

// inTurn takes for each line that came the next that is gone and equal.
func inTurn(gone, come []*line) {
	where := map[string][]int{}
	for i, l := range gone {
		where[l.norm] = append(where[l.norm], i)
	}
	next := 0
	for _, l := range come {
		at := where[l.norm]
		for len(at) > 0 && at[0] < next {
			at = at[1:]
		}
		if len(at) > 0 {
			match(gone[at[0]], l)
			next, at = at[0]+1, at[1:]
		}
		where[l.norm] = at
	}
}
