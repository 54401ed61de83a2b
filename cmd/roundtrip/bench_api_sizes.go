package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// recorded is how many lines changes have: of 20,193 on the first-parent lines
// of 28 repositories (merges and squashes in most), so many in a hundred had at
// most so many lines, and 0.64 more than a hundred files, 2.8 more than twenty.
var recorded = []struct{ percent, lines float64 }{
	{0, 1}, {47.4, 20}, {63.0, 50}, {74.6, 100}, {84.1, 200}, {90.7, 400}, {95.9, 1000}, {99.65, 20_000}, {100, 40_000},
}

// What is demanded of an evaluation.
const (
	mostCalls  = 1.3 // in the mean
	mostCalls1 = 3   // by 99 of 100
	leastFree  = 74  // percent that need no read
)

// sizeAt is the size of the change that so many in a hundred are smaller than,
// on a logarithmic scale between what was recorded.
func sizeAt(percent float64) (lines, files int) {
	i := max(1, slices.IndexFunc(recorded, func(r struct{ percent, lines float64 }) bool { return percent <= r.percent }))
	a, b := recorded[i-1], recorded[i]
	part := (percent - a.percent) / (b.percent - a.percent)
	lines = int(math.Round(a.lines * math.Pow(b.lines/a.lines, part)))
	switch {
	case percent > 100-0.64:
		return lines, 150
	case percent > 100-2.8:
		return lines, 30
	}
	return lines, min(lines, 1+lines/50, 20)
}

// benchSizes opens n changes of such sizes, one after the other, and counts
// what their size check asks of GitHub; its write is one call more.
func benchSizes(ctx context.Context, out io.Writer, n int) (err error) {
	dir, gone, err := scratch("bench")
	if err != nil {
		return err
	}
	defer gone(&err)
	acts := make([]string, n)
	for i := range acts {
		lines, files := sizeAt(100 * (float64((i*37)%n) + 0.5) / float64(n)) // in an order of no meaning
		acts[i] = fmt.Sprintf("@alice opens #%d \"Change %d\" +%d -0 in %d files", i+1, i+1, lines, files)
	}
	each, err := story.Stage{Open: opener(dir)}.Each(ctx, acts)
	if err != nil {
		return err
	}
	return tellSizes(out, each)
}

func tellSizes(out io.Writer, each []map[string]int) error {
	var calls []int
	sum, free := 0, 0
	for _, counts := range each {
		reads := 0
		for route, n := range counts {
			if strings.HasPrefix(route, "GET ") {
				reads += n
			}
		}
		if reads == 0 {
			free++
		}
		sum, calls = sum+reads+1, append(calls, reads+1)
	}
	slices.Sort(calls)
	n := len(calls)
	mean, p99, share := float64(sum)/float64(n), calls[(n*99+99)/100-1], 100*float64(free)/float64(n)
	fmt.Fprintf(out, "\n%d changes as large as those of 28 repositories, warned above %d lines: %.2f calls per evaluation in the mean (at most %.1f), p99 %d (at most %d), no read for %.1f %% (at least %d %%)\n",
		n, policies.Defaults().Batch.Lines.Warn, mean, mostCalls, p99, mostCalls1, share, leastFree)
	if mean > mostCalls || p99 > mostCalls1 || share < leastFree {
		return errors.New("bench api: an evaluation costs more than is demanded")
	}
	return nil
}
