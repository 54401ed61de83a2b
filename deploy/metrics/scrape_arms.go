package metrics

import (
	"fmt"
	"time"
)

// arm is one side of a look.
type arm struct {
	name      string // as people call it
	addresses []string
	pair
	before map[string]instance
	next   map[string]instance
	tally  tally
}

// count sums the arm's instances. All of them must answer: part of an arm is
// not the arm.
//
// A counter of bad events that is not there counts 0 while the total is there:
// many libraries make a series when it first counts, so that a version without
// a single error has none. Without the total nothing is known.
func (a *arm) count(pages map[string]fetched, at time.Time) (trouble string, err error) {
	counts := false
	for i, address := range a.addresses {
		f := pages[address]
		if f.err != nil {
			return "", f.err
		}
		if f.trouble != "" {
			return a.says(i, f.trouble), nil
		}
		r, trouble, err := a.read(f.page)
		if err != nil || trouble != "" {
			return a.says(i, trouble), err
		}
		id := key(address)
		before, known := a.before[id]
		if !r.counts && len(before.Series) > 0 {
			return a.says(i, "has no "+a.total.name+" any more"), nil
		}
		counts = counts || r.counts
		t, next := r.since(before, known, at)
		a.next[id] = next
		a.tally.bad, a.tally.total = a.tally.bad+t.bad, a.tally.total+t.total
	}
	if !counts {
		return "the " + a.name + " has no " + a.total.name + " that the expression matches", nil
	}
	return "", nil
}

// says is a trouble in words for people: no address, for those may be read by
// everybody who reads the pull request.
func (a *arm) says(i int, trouble string) string {
	which := ""
	if len(a.addresses) > 1 {
		which = fmt.Sprintf(" (%d of %d)", i+1, len(a.addresses))
	}
	return fmt.Sprintf("the %s's /metrics%s %s", a.name, which, trouble)
}
