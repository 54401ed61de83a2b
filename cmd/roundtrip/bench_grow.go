package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/bench"
	"github.com/roundtrip-bot/roundtrip/bot/store"
)

// growBench is what bench grow is asked for.
type growBench struct {
	sizes        []int
	open         int
	rounds, each int
	most         []float64 // times as much as in the smallest: acceptance, the rest
}

func benchGrowCommand(env environment) *cobra.Command {
	var o growBench
	c := &cobra.Command{
		Use: "grow", Short: "What a delivery costs in a database that holds many", Args: cobra.ArbitraryArgs,
		Long: "Fill SQLite files with handled deliveries of 28 KB, an effect and a fact of each, and with open changes, and measure in turn what it\ncosts each to accept, claim and handle one more. How many times as much as in the smallest is printed last. Exit 1 when that is more than\n--most. A million deliveries need 9 GB of disk and some minutes.",
		RunE: env.benched(o.mistakes, func(ctx context.Context, dir string) error { return o.run(ctx, env.stdout, dir) }),
	}
	c.Flags().IntSliceVar(&o.sizes, "sizes", []int{10_000, 100_000, 1_000_000}, "deliveries stored before, ascending")
	c.Flags().IntVar(&o.open, "open", 10_000, "open changes stored before")
	c.Flags().IntVar(&o.rounds, "rounds", 7, "how often each has its turn; the median counts")
	c.Flags().IntVar(&o.each, "each", 1000, "deliveries in a turn")
	c.Flags().Float64SliceVar(&o.most, "most", []float64{1.1, 1.5}, "times as much that is allowed: for acceptance, for the rest")
	return c
}

func (o *growBench) mistakes() (mistakes []bot.Mistake) {
	if len(o.sizes) < 2 || o.sizes[0] < 1 || !slices.IsSorted(o.sizes) {
		mistakes = append(mistakes, wrong("sizes", "it wants two numbers or more, ascending", "write --sizes 10000,100000"))
	}
	mistakes = append(mistakes, tooFew(10, map[string]int{"open": o.open, "rounds": o.rounds, "each": o.each})...)
	if len(o.most) != 2 {
		mistakes = append(mistakes, wrong("most", "it wants two numbers", "write --most 1.1,1.5"))
	}
	return mistakes
}

func (o growBench) run(ctx context.Context, out io.Writer, dir string) error {
	bodies, err := bench.PullRequests()
	if err != nil {
		return err
	}
	var all []*bench.Grown
	for _, n := range o.sizes {
		db, err := store.Open(ctx, sqliteIn(dir, strconv.Itoa(n)), store.Options{})
		if err != nil {
			return err
		}
		defer db.Close() //nolint:errcheck // it is thrown away
		g := &bench.Grown{Holds: n, Store: db}
		if err := g.Begin(ctx, o.open, bodies[0]); err != nil {
			return err
		}
		fmt.Fprintf(out, "%d deliveries, as many effects and facts, and %d open changes are stored\n", n, o.open)
		all = append(all, g)
	}
	times, costs, err := bench.Grow(ctx, all, o.rounds, o.each, bodies[0])
	if err != nil {
		return err
	}
	return o.tell(out, times, costs)
}

// tell prints what each cost, and last how many times as much as in the
// smallest; it is an error when that is more than allowed.
func (o growBench) tell(out io.Writer, times [][3]float64, costs [][]bench.Costs) (err error) {
	for i, n := range o.sizes {
		for r, c := range costs[i] {
			fmt.Fprintf(out, "%8d stored, round %d: accept %6d µs, claim %6d µs, handle %6d µs\n", n, r+1, c.Accept.Microseconds(), c.Claim.Microseconds(), c.Handle.Microseconds())
		}
	}
	for i, t := range times[1:] {
		fmt.Fprintf(out, "%d stored cost %.2f times as much to accept as %d (allowed %.2f), %.2f to claim and %.2f to handle (allowed %.2f)\n",
			o.sizes[i+1], t[0], o.sizes[0], o.most[0], t[1], t[2], o.most[1])
		if t[0] > o.most[0] || t[1] > o.most[1] || t[2] > o.most[1] {
			err = errors.New("bench grow: what is stored makes the next delivery dearer than is allowed")
		}
	}
	return err
}
