package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/bench"
	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
)

// soakBench is what bench soak is asked for.
type soakBench struct {
	database                      string
	changes, rate, events, queued int
	each                          time.Duration
	slower, grown, full           float64
	end                           time.Duration
}

func benchSoakCommand(env environment) *cobra.Command {
	var o soakBench
	c := &cobra.Command{
		Use: "soak", Short: "What a long life and a long queue cost serve in memory and time", Args: cobra.ArbitraryArgs,
		Long: "Run serve against the pretend world: webhooks of 23 KB at a steady pace, each worked on, beside a receiver that only checks\nsignatures; very many, as fast as they are worked on, while its memory is watched; a long queue while GitHub does not answer; its end\nin the middle of it, and the next one's memory with it. What is demanded is printed beside what was measured. Exit 1 when that is exceeded, or anything was refused.",
		RunE: env.benchedOn(&o.database, o.mistakes, func(ctx context.Context, dir, database string) error {
			return o.run(ctx, env.stdout, dir, database)
		}),
	}
	c.Flags().StringVar(&o.database, "database", "", "postgres://… of an empty database; without it SQLite")
	c.Flags().IntVar(&o.changes, "changes", 200, "open changes that the webhooks are about")
	c.Flags().IntVar(&o.rate, "rate", 200, "webhooks a second, at a steady pace")
	c.Flags().DurationVar(&o.each, "each", 20*time.Second, "how long at that pace")
	c.Flags().IntVar(&o.events, "events", 1_000_000, "webhooks in the long run")
	c.Flags().IntVar(&o.queued, "queued", 100_000, "webhooks that wait while GitHub does not answer")
	c.Flags().Float64Var(&o.slower, "slower", 5, "how many times the bare receiver's p99 ours may take at that pace")
	c.Flags().Float64Var(&o.grown, "grown", 1.1, "how many times the memory of the second quarter of the long run its last quarter may have")
	c.Flags().Float64Var(&o.full, "full", 2, "how many times its memory at rest it may have with the queue")
	c.Flags().DurationVar(&o.end, "end", 2*time.Second, "how soon it must end when it is interrupted in the middle of it")
	return c
}

func (o *soakBench) mistakes() (mistakes []bot.Mistake) {
	mistakes = append(mistakes, tooFew(200, map[string]int{"changes": o.changes, "rate": o.rate, "events": o.events, "queued": o.queued})...)
	if o.each <= 0 {
		mistakes = append(mistakes, wrong("each", fmt.Sprintf("%s is no time", o.each), "write --each 20s"))
	}
	return mistakes
}

// soakPatience for what waits to be worked on.
const soakPatience = 10 * time.Minute

func (o soakBench) run(ctx context.Context, out io.Writer, dir, database string) error {
	serve, end, err := benchServe(ctx, database, dir, 0, e2eHooks)
	if err != nil {
		return err
	}
	defer end()
	return o.soak(ctx, out, serve)
}

// soak is two lives of serve, the second of which begins with the first one's queue.
func (o soakBench) soak(ctx context.Context, out io.Writer, serve campaign.Serve) error {
	secret := serve.World.Settings(serve.Database)["ROUNDTRIP_GITHUB_WEBHOOK_SECRET"]
	s := &campaign.Soak{
		Pace:   campaign.Pace{Serve: serve, Books: booksOf(serve.Database), Patience: soakPatience},
		Stream: bench.Stream{Secret: secret, Connections: benchConnections},
	}
	var rest int64
	err := errors.Join(
		o.life(out, s, "with the queue", func() (err error) { rest, err = o.measure(ctx, out, s); return err }),
		o.life(out, s, "with the queue, started again", func() error { return o.again(ctx, out, s, rest) }))
	if err != nil {
		return fmt.Errorf("bench soak: %w", err)
	}
	return nil
}

// life is one process, which is measured and interrupted at last.
func (o soakBench) life(out io.Writer, s *campaign.Soak, how string, measure func() error) error {
	ended, err := s.Work(func(server *campaign.Process) error {
		s.Server = server
		return measure()
	})
	fmt.Fprintf(out, "interrupted %s, it ended within %s, demanded %s\n", how, short(ended), o.end)
	return errors.Join(err, within("its end", ended, o.end))
}
