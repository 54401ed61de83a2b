package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/sim"
)

const mostFailed = 20 // that are listed

func (o simulation) failed(ctx context.Context, env environment, cast sim.Cast, sum sim.Campaign) error {
	first := sum.Failed[0]
	if o.shrink {
		r, err := cast.Shrink(ctx, first)
		if err != nil {
			return err
		}
		first = r
	}
	again, err := cast.Play(ctx, first.Script, true)
	if err != nil {
		return err
	}
	printHistory(env, again)
	for i, r := range sum.Failed {
		if i < mostFailed {
			fmt.Fprintf(env.stdout, "seed %d: %s\n", r.Script.Seed, strings.Join(r.Wrong, "; "))
		}
	}
	fmt.Fprintf(env.stdout, "%d of %d histories fail. The first, again: roundtrip sim --seeds 1 --from %d --store %s%s\n",
		len(sum.Failed), sum.Played, first.Script.Seed, o.store, onlyOf(first.Script, o.shrink))
	return fmt.Errorf("%d histories did not end as they should", len(sum.Failed))
}

func onlyOf(s sim.Script, shrunk bool) string {
	if !shrunk {
		return ""
	}
	numbers := make([]string, len(s.Lines))
	for i, l := range s.Lines {
		numbers[i] = strconv.Itoa(l.N)
	}
	return " --only " + strings.Join(numbers, ",")
}

// printHistory prints what was done, the script, and what was wrong last:
// whoever looks at the end of a long record sees that.
func printHistory(env environment, r sim.Result) {
	for _, l := range r.Trace {
		fmt.Fprintln(env.stdout, l)
	}
	fmt.Fprintf(env.stdout, "The script of seed %d:\n", r.Script.Seed)
	for _, l := range r.Script.Lines {
		fmt.Fprintln(env.stdout, l)
	}
	for _, why := range r.Wrong {
		fmt.Fprintf(env.stdout, "wrong: %s\n", why)
	}
	fmt.Fprintf(env.stdout, "trace %016x\n", r.Hash)
}
