package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/policies"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
)

// countTotals are what bench count tells of all changes together.
type countTotals struct {
	out    io.Writer
	limits policies.BatchSettings

	changes, huge             int
	equal, more, less, differ int
	below                     int // changes with a file below git's own diff
	longer                    int // files where a shorter diff than git's exists
	unlooked                  int
	calls                     []int // of an evaluation, with the write of its check
	raw, effective            int
	kinds                     map[lines.Kind]int // lines that do not count by their kind
	white, moved, gone        int
	large                     int
	parts                     []int  // of the large changes that can be split
	over                      [4]int // raw and effective over the guide, then over the limit
}

// add tells at once of a change that is counted wrongly.
func (t *countTotals) add(e evaluated) {
	t.changes++
	if e.huge {
		t.huge++
		return
	}
	got, short := e.count.Effective, e.change.After[:12]
	switch {
	case got < e.whole:
		t.less++
		fmt.Fprintf(t.out, "%s counts %d lines; on whole files %d: too few\n", short, got, e.whole)
	case got == e.whole && (len(e.different) == 0 || !e.shown()):
		t.equal++
	case !e.shown():
		t.more++
	default:
		t.differ++
		fmt.Fprintf(t.out, "%s counts %d lines; on whole files %d: they differ\n", short, got, e.whole)
	}
	if e.shown() {
		for _, f := range e.different {
			fmt.Fprintf(t.out, "  on whole files %s\n", f)
		}
	}
	t.longer += e.longer
	if len(e.below) > 0 {
		t.below++
		fmt.Fprintf(t.out, "%s counts less than git diff -M -w --ignore-blank-lines: %s\n", short, e.below[0])
	}
	t.measure(e)
}

func (t *countTotals) measure(e evaluated) {
	if e.unlooked {
		t.unlooked++
	}
	t.calls = append(t.calls, e.reads+1) // the check is written
	if e.large {
		t.large++
	}
	if e.parts > 0 {
		t.parts = append(t.parts, e.parts)
	}
	t.raw, t.effective = t.raw+e.count.Raw, t.effective+e.count.Effective
	for i, over := range []bool{e.count.Raw > t.limits.Lines.Warn, e.count.Effective > t.limits.Lines.Warn, e.count.Raw > t.limits.Lines.Block, e.count.Effective > t.limits.Lines.Block} {
		if over {
			t.over[i]++
		}
	}
	if t.kinds == nil {
		t.kinds = map[lines.Kind]int{}
	}
	for _, f := range e.count.Files {
		if f.Weight == 0 {
			t.kinds[f.Kind] += f.Raw
			continue
		}
		t.white, t.moved, t.gone = t.white+f.Whitespace, t.moved+f.Moved, t.gone+f.Gone
	}
}

// tell prints the totals; it is an error when a count was wrong.
func (t *countTotals) tell(took time.Duration) error {
	n := len(t.calls)
	if n == 0 {
		return errors.New("bench count: there is no change to count")
	}
	slices.Sort(t.calls)
	sum := 0
	for _, c := range t.calls {
		sum += c
	}
	share := func(part, of int) float64 { return 100 * float64(part) / float64(max(1, of)) }
	fmt.Fprintf(t.out, "%d changes on the first-parent line, counted in %s; %d more have over two million lines\n", n, took.Round(time.Second), t.huge)
	fmt.Fprintf(t.out, "against whole files: %d equal, %d more where GitHub does not show all, %d different, %d too few\n", t.equal, t.more, t.differ, t.less)
	fmt.Fprintf(t.out, "against git diff -M -w --ignore-blank-lines, without what moved and removed files: %d below; of %d files git's diff is not the shortest\n", t.below, t.longer)
	fmt.Fprintf(t.out, "lines: %d, of which %d count (%.1f %%)\n", t.raw, t.effective, share(t.effective, t.raw))
	fmt.Fprintf(t.out, "not counted: %d tests, %d docs, %d generated, %d vendored, %d lock files; of the rest %d white space, %d moved, %d of removed files\n",
		t.kinds[lines.Tests], t.kinds[lines.Docs], t.kinds[lines.Generated], t.kinds[lines.Vendored], t.kinds[lines.Lockfile], t.white, t.moved, t.gone)
	fmt.Fprintf(t.out, "over %d lines: %.1f %% raw, %.1f %% effective; over %d: %.1f %% raw, %.1f %% effective\n",
		t.limits.Lines.Warn, share(t.over[0], n), share(t.over[1], n), t.limits.Lines.Block, share(t.over[2], n), share(t.over[3], n))
	if t.large > 0 {
		slices.Sort(t.parts)
		fmt.Fprintf(t.out, "%d changes have more than %d lines that count; %.1f %% of them can come in parts that fit", t.large, t.limits.Lines.Block, share(len(t.parts), t.large))
		if n := len(t.parts); n > 0 {
			fmt.Fprintf(t.out, ", in the median %d, at most %d", t.parts[n/2], t.parts[n-1])
		}
		fmt.Fprintln(t.out)
	}
	fmt.Fprintf(t.out, "calls per evaluation, with the check: %.2f in the mean, p99 %d, at most %d; no read for %.1f %%\n",
		float64(sum)/float64(n), t.calls[(n*99+99)/100-1], t.calls[n-1], share(t.unlooked, n))
	if t.less+t.differ+t.below > 0 {
		return errors.New("bench count: some changes are counted wrongly")
	}
	return nil
}
