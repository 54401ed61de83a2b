package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
	"github.com/roundtrip-bot/roundtrip/bot/playground/bench"
	"github.com/roundtrip-bot/roundtrip/bot/store"
	"github.com/roundtrip-bot/roundtrip/bot/web"
)

// hooksBench is what bench hooks is asked for.
type hooksBench struct {
	database string // postgres://…; empty: a SQLite file of its own
	least    float64
	rounds   int
	each     time.Duration
}

func benchHooksCommand(env environment) *cobra.Command {
	var o hooksBench
	c := &cobra.Command{
		Use: "hooks", Short: "How fast webhooks are stored, beside a receiver that only checks signatures", Args: cobra.ArbitraryArgs,
		Long: "Send recorded webhooks of 28 KB over 64 connections to a bare receiver, which checks the signature and forgets, and to ours,\nwhich answers when the delivery is on disk and known again: in turn, on the same machine, in the same minute. The ratio is printed\nlast. Exit 1 when it is below --least, or anything was refused.",
		RunE: env.benchedOn(&o.database, o.mistakes, func(ctx context.Context, _, database string) error { return o.run(ctx, env, database) }),
	}
	c.Flags().StringVar(&o.database, "database", "", "postgres://… of an empty database; without it SQLite")
	c.Flags().Float64Var(&o.least, "least", 0.35, "ratio that is demanded")
	c.Flags().IntVar(&o.rounds, "rounds", 7, "how often both have their turn; the median counts")
	c.Flags().DurationVar(&o.each, "each", 3*time.Second, "how long a turn is")
	return c
}

func (o *hooksBench) mistakes() (mistakes []bot.Mistake) {
	mistakes = tooFew(7, map[string]int{"rounds": o.rounds})
	if o.each <= 0 {
		mistakes = append(mistakes, wrong("each", fmt.Sprintf("%s is no time", o.each), "write --each 3s"))
	}
	return mistakes
}

// benchConnections at the same time, as many as GitHub was seen to open.
const benchConnections = 64

func (o hooksBench) run(ctx context.Context, env environment, database string) (err error) {
	db, err := store.Open(ctx, database, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	bodies, err := bench.PullRequests()
	if err != nil {
		return err
	}
	storm := bench.Storm{Secret: strings.Repeat("storm", 8), Connections: benchConnections, Payloads: bodies, Event: "pull_request"}
	rounds, err := storm.Compare(ctx, receiver(db, storm.Secret), o.rounds, o.each)
	if err != nil {
		return err
	}
	return o.tell(env, rounds)
}

// receiver is the public address of a server that takes deliveries and does not work on them.
func receiver(db *store.Store, secret string) http.Handler {
	return web.New(web.Options{
		Hear: func(ctx context.Context, source, id, name string, body []byte) (bool, error) {
			return db.Hear(ctx, bot.Letter{ID: id, Source: source, Name: name, Body: body})
		},
		GitHub: github.Verifier(secret), Ready: db.Ping,
	})
}

// tell prints the rounds and, last, their median ratio; it is an error when
// that is too low or anything was refused.
func (o hooksBench) tell(env environment, rounds []bench.Round) error {
	refused := 0
	for i, r := range rounds {
		refused += r.Ours.Refused()
		fmt.Fprintf(env.stdout, "round %d: bare %6.0f/s p50 %6s p99 %6s, ours %6.0f/s p50 %6s p99 %6s, ratio %.2f\n", i+1,
			r.Bare.PerSecond(), short(r.Bare.At(0.5)), short(r.Bare.At(0.99)), r.Ours.PerSecond(), short(r.Ours.At(0.5)), short(r.Ours.At(0.99)), r.Ratio())
	}
	ratio := bench.MedianRatio(rounds)
	fmt.Fprintf(env.stdout, "%d refused; median ratio %.2f, demanded %.2f\n", refused, ratio, o.least)
	switch {
	case refused > 0:
		return fmt.Errorf("bench hooks: %d were not taken", refused)
	case ratio < o.least:
		return fmt.Errorf("bench hooks: a ratio of %.2f is below %.2f", ratio, o.least)
	}
	return nil
}

func short(d time.Duration) string { return d.Round(100 * time.Microsecond).String() }
