package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
)

// crash is what bench crash is asked for.
type crash struct {
	kills    int
	seed     uint64
	database string // postgres://…; empty: a SQLite file of its own
	within   time.Duration
}

// crashVisitors of the shop in a second, where rollouts are to be judged.
const crashVisitors = 300

// replicas that run at the same time where a database can be shared.
const benchReplicas = 3

func benchCrashCommand(env environment) *cobra.Command {
	var o crash
	c := &cobra.Command{
		Use: "crash", Short: "Kill serve at random moments while people work, and count what is lost or doubled", Args: cobra.ArbitraryArgs,
		Long: "Run serve against the pretend world, kill it with SIGKILL at random moments while changes, checks, deploys and\ncommands flow, start it again, and count by what GitHub and the deploy target saw what was lost and what was done\ntwice. With --database three replicas share an empty PostgreSQL database. Exit 1 when anything was.",
		RunE: env.benchedOn(&o.database, o.mistakes, func(ctx context.Context, dir, database string) error { return o.run(ctx, env, dir, database) }),
	}
	c.Flags().IntVar(&o.kills, "kills", 1000, "how often")
	c.Flags().Uint64Var(&o.seed, "seed", 1, "decides the moments")
	c.Flags().DurationVar(&o.within, "within", 0, "how soon what was in hand must be taken over; 0: 1s after a restart on SQLite, 20s after a kill on PostgreSQL")
	c.Flags().StringVar(&o.database, "database", "", "postgres://… of an empty database; without it SQLite")
	return c
}

func (o *crash) mistakes() []bot.Mistake { return tooFew(100, map[string]int{"kills": o.kills}) }

func (o crash) run(ctx context.Context, env environment, dir, database string) error {
	serve, end, err := benchServe(ctx, database, dir, crashVisitors, 1)
	if err != nil {
		return err
	}
	defer end()
	c := campaign.Campaign{
		Serve: serve, Books: booksOf(serve.Database), Replicas: benchReplicas,
		Kills: o.kills, Seed: o.seed, Patience: 10 * time.Minute, Log: env.stdout,
	}
	if o.database == "" {
		c.Replicas = 1
	}
	r, err := c.Run(ctx)
	if err != nil {
		return err
	}
	return o.tell(env, c, r)
}

// bound is how soon what was in hand is to be taken over, and since when that is
// counted: a replica takes over from one that was killed; of a file there is one
// process, the next.
func (o crash) bound() (within time.Duration, since string) {
	if o.database != "" {
		return cmp.Or(o.within, 20*time.Second), "kill"
	}
	return cmp.Or(o.within, time.Second), "restart"
}

// tell prints what came of it, and is an error when anything was lost or
// doubled, or nothing was proved.
func (o crash) tell(env environment, c campaign.Campaign, r campaign.Result) error {
	for what, list := range map[string][]string{"lost": r.Lost, "doubled": r.Doubled, "doubtful": r.Doubtful} {
		for _, one := range list {
			fmt.Fprintf(env.stdout, "%s: %s\n", what, one)
		}
	}
	fmt.Fprintf(env.stdout, "%d kills of %d replicas (seed %d), %d deliveries accepted, %d orders begun\n", r.Kills, c.Replicas, o.seed, r.Accepted, r.Orders)
	within, since := o.bound()
	fmt.Fprintf(env.stdout, "%d deliveries and %d effects were in hand when a process was killed; the last was taken over %.2f s after the %s, demanded %.2f s\n",
		r.Letters, r.Effects, r.Longest.Seconds(), since, within.Seconds())
	fmt.Fprintf(env.stdout, "%d lost, %d doubled, %d doubtful\n", len(r.Lost), len(r.Doubled), len(r.Doubtful))
	switch {
	case len(r.Lost)+len(r.Doubled)+len(r.Doubtful) > 0:
		return errors.New("bench crash: what was accepted was not done once; the lines above say what")
	case r.Orders == 0:
		return errors.New("bench crash: nothing was deployed, so nothing is proved; use more --kills")
	case r.Letters+r.Effects == 0:
		return errors.New("bench crash: nothing was in hand at a kill, so nothing is proved of how it is taken over; use more --kills")
	case r.Longest > within:
		return fmt.Errorf("bench crash: what was in hand was taken over after %.2f s, which is more than %.2f s", r.Longest.Seconds(), within.Seconds())
	}
	return nil
}
