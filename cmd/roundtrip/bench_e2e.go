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
}

func benchE2ECommand(env environment) *cobra.Command {
	var o e2eBench
	c := &cobra.Command{
		Use: "e2e", Short: "How long people wait for verdicts and answers", Args: cobra.ArbitraryArgs,
		Long: "Run serve on SQLite against the pretend world and measure how long people wait: for the first verdict on a change and for 👀 on\na command, at a steady pace; the same with a way to GitHub's API; many changes at once; and many checks on one change. Exit 1 when\nanybody waited in vain, or the checks cost more than 5 requests or 3 writes.",
		RunE: func(c *cobra.Command, args []string) error {
			if mistakes := append(env.asked(c, args, 0, ""), o.mistakes()...); len(mistakes) > 0 {
				return usage{mistakes}
			}
			return o.run(c.Context(), env.stdout)
		},
	}
	c.Flags().IntVar(&o.rate, "rate", 20, "changes opened in a second; each is two events and more")
	c.Flags().IntVar(&o.changes, "changes", 200, "changes in all, at that pace")
	c.Flags().IntVar(&o.crowd, "crowd", 300, "changes that are opened at once")
	c.Flags().IntVar(&o.checks, "checks", 50, "checks that pass on one change")
	c.Flags().DurationVar(&o.way, "way", 50*time.Millisecond, "added to each request to GitHub's API, for the second part")
	return c
}

func (o e2eBench) mistakes() (mistakes []bot.Mistake) {
	for flag, n := range map[string]int{"rate": o.rate, "changes": o.changes, "crowd": o.crowd, "checks": o.checks} {
		if n < 1 {
			mistakes = append(mistakes, wrong(flag, fmt.Sprintf("%d is too few", n), "write --"+flag+" 10"))
		}
	}
	if o.way < 0 {
		mistakes = append(mistakes, wrong("way", fmt.Sprintf("%s is no time", o.way), "write --way 50ms"))
	}
	return mistakes
}

// e2eHooks are on their way at a time: GitHub does not wait for one before it sends another.
const e2eHooks = 16

// What many checks on one change may cost at most.
const mostRequests, mostWrites = 5, 3

// e2ePatience for the last that is waited for.
const e2ePatience = 3 * time.Minute

func (o e2eBench) run(ctx context.Context, out io.Writer) (err error) {
	dir, gone, err := scratch("e2e")
	if err != nil {
		return err
	}
	defer gone(&err)
	serve, end, err := benchServe(ctx, sqliteIn(dir, "roundtrip"), dir, 0, e2eHooks)
	if err != nil {
		return err
	}
	defer end()
	p := campaign.Pace{Serve: serve, Books: booksOf(serve.Database), Patience: e2ePatience}
	ended, err := p.Work(func() error { return o.measure(ctx, out, p) })
	fmt.Fprintf(out, "interrupted, it ended within %s\n", short(ended))
	return err
}

func (o e2eBench) measure(ctx context.Context, out io.Writer, p campaign.Pace) error {
	github := p.Serve.World.GitHub
	if _, _, err := p.Changes(ctx, 1, 0); err != nil { // the first asks for a token and for the file
		return err
	}
	if err := o.pace(ctx, out, p, fmt.Sprintf("%d changes, %d a second", o.changes, o.rate), o.changes, o.rate); err != nil {
		return err
	}
	github.SetWay(o.way)
	if err := o.pace(ctx, out, p, fmt.Sprintf("20 changes, one a second, each request to GitHub %s on its way", o.way), 20, 1); err != nil {
		return err
	}
	github.SetWay(0)
	if err := o.pace(ctx, out, p, fmt.Sprintf("%d changes at once", o.crowd), o.crowd, 0); err != nil {
		return err
	}
	requests, err := p.Checks(ctx, o.checks)
	if err != nil {
		return err
	}
	reads, writes, which := sum(requests)
	fmt.Fprintf(out, "%d checks on one change: %d reads and %d writes (%s)\n", o.checks, reads, writes, which)
	if reads+writes > mostRequests || writes > mostWrites {
		return fmt.Errorf("bench e2e: that is more than %d requests or %d writes", mostRequests, mostWrites)
	}
	return nil
}

func (o e2eBench) pace(ctx context.Context, out io.Writer, p campaign.Pace, what string, n, rate int) error {
	var verdicts, eyes campaign.Wait
	requests, err := p.Counted(ctx, func() (err error) {
		verdicts, eyes, err = p.Changes(ctx, n, rate)
		return err
	})
	if err != nil {
		return err
	}
	reads, writes, _ := sum(requests)
	fmt.Fprintf(out, "%s: verdict p50 %s p99 %s, 👀 p50 %s p99 %s; %.1f requests a change; %d verdicts and %d 👀 missing\n", what,
		short(verdicts.At(0.5)), short(verdicts.At(0.99)), short(eyes.At(0.5)), short(eyes.At(0.99)),
		float64(reads+writes)/float64(n), verdicts.Missing, eyes.Missing)
	if verdicts.Missing+eyes.Missing > 0 {
		return fmt.Errorf("bench e2e: %d waited in vain", verdicts.Missing+eyes.Missing)
	}
	return nil
}
