package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
)

// e2eBench is what bench e2e is asked for.
type e2eBench struct {
	rate, changes, crowd, checks int
	way                          time.Duration
	verdict                      []time.Duration // p50, p99
	eyes                         time.Duration   // p99
	needs, times                 float64         // requests one after another that a verdict needs, and how many times that
	requests, writes             int             // for many checks
}

func benchE2ECommand(env environment) *cobra.Command {
	var o e2eBench
	c := &cobra.Command{
		Use: "e2e", Short: "How long people wait for verdicts and answers", Args: cobra.ArbitraryArgs,
		Long: "Run serve on SQLite against the pretend world and measure how long people wait: for the first verdict on a change and for 👀 on\na command, at a steady pace; the same with a way to GitHub's API; many changes at once; and many checks on one change. What is demanded\nis printed beside what was measured. Exit 1 when that is exceeded, or anybody waited in vain.",
		RunE: env.benched(o.mistakes, func(ctx context.Context, dir string) error { return o.run(ctx, env.stdout, dir) }),
	}
	c.Flags().IntVar(&o.rate, "rate", 10, "changes opened in a second; each is five events and more, so that 10 are 50 events a second and more")
	c.Flags().IntVar(&o.changes, "changes", 200, "changes in all, at that pace")
	c.Flags().IntVar(&o.crowd, "crowd", 300, "changes that are opened at once")
	c.Flags().IntVar(&o.checks, "checks", 50, "checks that pass on one change")
	c.Flags().DurationVar(&o.way, "way", 50*time.Millisecond, "added to each request to GitHub's API, for the second part")
	c.Flags().DurationSliceVar(&o.verdict, "verdict", []time.Duration{250 * time.Millisecond, 2 * time.Second}, "p50 and p99 that are demanded of verdicts at that pace")
	c.Flags().DurationVar(&o.eyes, "eyes", 2*time.Second, "p99 that is demanded of 👀 at that pace")
	c.Flags().Float64Var(&o.needs, "needs", 1, "requests to GitHub, one after another, that a verdict needs: it is written")
	c.Flags().Float64Var(&o.times, "times", 1.2, "how many times as many a verdict may wait for")
	c.Flags().IntVar(&o.requests, "requests", 5, "requests that the checks may cost")
	c.Flags().IntVar(&o.writes, "writes", 3, "how many of them may write")
	return c
}

func (o *e2eBench) mistakes() (mistakes []bot.Mistake) {
	mistakes = append(mistakes, tooFew(10, map[string]int{"rate": o.rate, "changes": o.changes, "crowd": o.crowd, "checks": o.checks})...)
	if o.way <= 0 {
		mistakes = append(mistakes, wrong("way", fmt.Sprintf("%s is no time", o.way), "write --way 50ms"))
	}
	if len(o.verdict) != 2 {
		mistakes = append(mistakes, wrong("verdict", "it wants two times", "write --verdict 250ms,2s"))
	}
	return mistakes
}

// e2eHooks are on their way at a time: GitHub does not wait for one before it sends another.
const e2eHooks = 16

// e2ePatience for the last that is waited for.
const e2ePatience = 3 * time.Minute

func (o e2eBench) run(ctx context.Context, out io.Writer, dir string) error {
	serve, end, err := benchServe(ctx, sqliteIn(dir, "roundtrip"), dir, 0, e2eHooks)
	if err != nil {
		return err
	}
	defer end()
	p := campaign.Pace{Serve: serve, Books: booksOf(serve.Database), Patience: e2ePatience}
	ended, err := p.Work(func(*campaign.Process) error { return o.measure(ctx, out, p) })
	fmt.Fprintf(out, "interrupted, it ended within %s\n", short(ended))
	return err
}
