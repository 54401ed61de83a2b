package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/sim"
)

// simulation is what was asked for.
type simulation struct {
	seeds, from int
	store       string
	only        string // numbers of lines
	within      time.Duration
	shrink      bool
	trunk       bool
}

func simCommand(env environment) *cobra.Command {
	var o simulation
	c := &cobra.Command{
		Use: "sim", Short: "Play seeded histories full of faults, and say whether all was as it should be",
		Long: "Play histories: the real engine, handlers and adapters as two servers on one database, against the pretend\n" +
			"GitHub, Slack and deploy target, on a clock of their own. Servers are killed and stand still, answers and\n" +
			"webhooks are lost, doubled and late, and people act at the worst time. After each all must be as it should.\n" +
			"All chance comes from the seed: one that fails is printed and fails again.",
		RunE: func(c *cobra.Command, args []string) error {
			only, mistakes := o.mistakes()
			if mistakes = append(env.asked(c, args, 0, ""), mistakes...); len(mistakes) > 0 {
				return usage{mistakes}
			}
			if o.trunk {
				return o.trunks(c.Context(), env)
			}
			return o.run(c.Context(), env, only)
		},
		Args: cobra.ArbitraryArgs,
	}
	c.Flags().IntVar(&o.seeds, "seeds", 100, "how many histories")
	c.Flags().IntVar(&o.from, "from", 1, "the first seed")
	c.Flags().StringVar(&o.store, "store", "memory", "the database: memory, or sqlite for a real file, which is slower")
	c.Flags().DurationVar(&o.within, "within", 0, "begin no history after this time, as in 90s; 0: play them all")
	c.Flags().BoolVar(&o.shrink, "shrink", false, "take out of the first history that fails what it fails without, and print what is left")
	c.Flags().BoolVar(&o.trunk, "trunk", false, "play days of a branch with flaky, broken and cancelled checks instead, and say how right the judgement of them is")
	c.Flags().StringVar(&o.only, "only", "", "with --seeds 1: play only these lines of the seed's script, as in 1,4,17, and print the trace")
	return c
}

func (o simulation) mistakes() (only map[int]bool, mistakes []bot.Mistake) {
	if o.seeds < 1 || o.from < 0 {
		mistakes = append(mistakes, wrong("seeds", "at least one seed, counted from 0 on, is needed", "write --seeds 100 --from 1"))
	}
	if o.store != "memory" && o.store != "sqlite" {
		mistakes = append(mistakes, wrong("store", fmt.Sprintf("there is no store %q", o.store), "write --store memory or --store sqlite"))
	}
	if o.within < 0 {
		mistakes = append(mistakes, wrong("within", fmt.Sprintf("%s is over before it begins", o.within), "write --within 90s, or leave it out to play them all"))
	}
	if o.only == "" {
		return nil, mistakes
	}
	only, err := o.onlyLines()
	if err != nil {
		mistakes = append(mistakes, wrong("only", err.Error(), "write --seeds 1 --only 1,4,17"))
	}
	return only, mistakes
}

// onlyLines are the lines of one seed's script that are asked for.
func (o simulation) onlyLines() (map[int]bool, error) {
	if o.seeds != 1 || o.from < 0 {
		return nil, errors.New("it takes numbers of lines of one seed's script")
	}
	only, last := map[int]bool{}, len(sim.Write(uint64(o.from)).Lines)
	for _, field := range strings.Split(o.only, ",") {
		n, err := strconv.Atoi(field)
		if err != nil {
			return nil, fmt.Errorf("%q is not the number of a line", field)
		}
		if n < 1 || n > last {
			return nil, fmt.Errorf("there is no line %d; the script of seed %d has lines 1 to %d", n, o.from, last)
		}
		only[n] = true
	}
	return only, nil
}

func (o simulation) run(ctx context.Context, env environment, only map[int]bool) (err error) {
	// Histories leave much behind and hold little: memory is cheaper than time.
	defer debug.SetGCPercent(debug.SetGCPercent(1000))
	cast := simulated()
	if o.store == "sqlite" {
		dir, gone, failed := scratch("sim")
		if failed != nil {
			return failed
		}
		defer gone(&err)
		cast.Open = simulatedFile(dir)
	}
	seed := uint64(o.from)
	if only != nil {
		return o.one(ctx, env, cast, sim.Write(seed).Only(only))
	}
	began := time.Now()
	sum, err := o.campaign(ctx, cast, seed)
	if err != nil {
		return err
	}
	if sum.Played == 0 {
		return errors.New("no history was played: there was no time for one, and nothing is known; give it more with --within")
	}
	took := time.Since(began)
	fmt.Fprintf(env.stdout, "%d histories from seed %d on %s in %s, %.0f a second; %d steps\n", sum.Played, o.from, o.store, took.Round(time.Second/10), float64(sum.Played)/took.Seconds(), sum.Steps)
	for _, what := range sum.Happened() {
		fmt.Fprintf(env.stdout, "  %-10s %9d\n", what, sum.Counts[what])
	}
	if sum.Played < o.seeds {
		fmt.Fprintf(env.stdout, "there was no time for %d more\n", o.seeds-sum.Played)
	}
	if len(sum.Failed) == 0 {
		fmt.Fprintln(env.stdout, "0 violations")
		return nil
	}
	return o.failed(ctx, env, cast, sum)
}

// campaign plays them; one who stops it is told of those that were played.
func (o simulation) campaign(ctx context.Context, cast sim.Cast, seed uint64) (sim.Campaign, error) {
	if o.within > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.within)
		defer cancel()
	}
	return cast.Run(ctx, seed, o.seeds, runtime.NumCPU())
}

// one history, with its trace.
func (o simulation) one(ctx context.Context, env environment, cast sim.Cast, s sim.Script) error {
	r, err := cast.Play(ctx, s, true)
	if err != nil {
		return err
	}
	printHistory(env, r)
	if len(r.Wrong) > 0 {
		return errors.New("not all is as it should be")
	}
	return nil
}
