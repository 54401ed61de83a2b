package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/store"
	"github.com/roundtrip-bot/roundtrip/bot/trace"
)

func serveCommand(env environment) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "serve", Short: "Run the bot", Args: cobra.ArbitraryArgs,
		Long: "Run the bot. Its settings come from ROUNDTRIP_… in the environment or from a file with the same names;\ndocs/reference/settings.md lists them.",
		RunE: func(c *cobra.Command, args []string) error {
			s, err := env.settings(c, args, 0, "", file)
			if err != nil {
				return err
			}
			return serve(c.Context(), env, s)
		},
	}
	c.Flags().StringVar(&file, "config", "", "file with settings, in YAML")
	return c
}

// serve runs until ctx ends.
func serve(ctx context.Context, env environment, s config.Server) error {
	log := slog.New(slog.NewTextHandler(striking{env.stderr, striker(append(secretsOf(s), trace.Secrets()...))}, nil))
	tracer, err := trace.FromEnvironment(ctx, versionText(), log)
	if err != nil {
		return err
	}
	defer tracer.Close() //nolint:contextcheck // when ctx ended there is still something to tell
	a, doors, err := start(ctx, s, around{log: log, trace: tracer})
	if err != nil {
		return calledOff(ctx, err)
	}
	public, admin := doors[0], doors[1]
	log.Info("roundtrip is up", "version", versionText(), "listen", public.Addr().String(), "events", s.GitHub.Events, "hooks", s.URL+"/hooks/github", "admin", admin.Addr().String(), "database", s.Database.Name, "observe", s.Observe, "slack", s.Slack.On())
	return a.untilEnded(ctx, public, admin, log)
}

// start opens all that serve needs and takes up what was left lying. What
// fails closes all of it again.
func start(ctx context.Context, s config.Server, r around) (*app, []net.Listener, error) {
	o, mistakes := openAll(ctx, s)
	if len(mistakes) > 0 {
		return nil, nil, errors.Join(usage{mistakes}, o.close())
	}
	a, err := connect(s, o.db, r)
	if err == nil {
		a.store = o.db
		err = a.takeUp(ctx)
	}
	if err != nil {
		return nil, nil, errors.Join(err, o.close())
	}
	return a, o.doors, nil
}

// takeUp what was left lying, and ask for what came while nobody was there.
func (a *app) takeUp(ctx context.Context) error {
	if err := a.store.Resume(ctx); err != nil {
		return err
	}
	return a.askForMissed(ctx)
}

// askForMissed what was sent while this process was not there.
func (a *app) askForMissed(ctx context.Context) error {
	l, err := bot.Started(a.owner)
	if err != nil {
		return err
	}
	return a.hear(ctx, l)
}

// hear a letter of our own.
func (a *app) hear(ctx context.Context, l bot.Letter) error {
	_, err := a.engine.Hear(ctx, l.Source, l.ID, l.Name, l.Body)
	return err
}

// run serves and works until ctx ends: then nothing new is taken, and what is
// in hand is finished, or put back.
func (a *app) run(ctx context.Context, public, admin net.Listener, log *slog.Logger) {
	var working sync.WaitGroup
	working.Go(func() { a.engine.Run(ctx) })
	if a.listen != nil {
		working.Go(func() { a.hearSlack(ctx, log) })
	}
	working.Go(func() { a.fetchRefused(ctx, a.hear, log) })
	if a.newest != nil {
		working.Go(func() { a.poll(ctx, log) })
	}
	doors := []*door{server(a.public), server(a.admin)}
	// A page that is open listens for ever: it is cut off at once.
	doors[1].BaseContext = func(net.Listener) context.Context { return ctx }
	for i, l := range []net.Listener{public, admin} {
		working.Go(func() { doors[i].serve(ctx, l) })
	}
	working.Wait()
}

// hearSlack listens until ctx ends. What ends it before is told, and tried
// again.
func (a *app) hearSlack(ctx context.Context, log *slog.Logger) {
	for ctx.Err() == nil {
		if err := a.listen(ctx, log); err != nil {
			log.Error("Slack is not heard; trying again in 30 s", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(30 * time.Second):
		}
	}
}

// ground is what a server needs of its machine: two addresses and a database.
type ground struct {
	doors []net.Listener
	db    *store.Store
}

// openAll opens all of it, and tells all that cannot be opened at once.
func openAll(ctx context.Context, s config.Server) (o ground, mistakes []bot.Mistake) {
	for _, d := range [][2]string{{"LISTEN", s.Listen}, {"ADMIN_LISTEN", s.AdminListen}} {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", d[1])
		if err != nil {
			mistakes = append(mistakes, bot.Mistake{File: "ROUNDTRIP_" + d[0], Message: fmt.Sprintf("cannot listen on %s: %v", d[1], cause(err)), Hint: "set it to a free host:port"})
			continue
		}
		o.doors = append(o.doors, l)
	}
	db, err := store.Open(ctx, s.Database.Reveal(), store.Options{})
	if err != nil {
		return o, append(mistakes, bot.Mistake{File: "ROUNDTRIP_DATABASE_URL", Message: err.Error(), Hint: databaseHint(s.Database)})
	}
	o.db = db
	return o, mistakes
}

func databaseHint(d config.Database) string {
	if _, ok := d.File(); ok {
		return "set it to a file that the server may write, as sqlite:/var/lib/roundtrip/roundtrip.db"
	}
	return "see whether it answers: psql " + d.Name
}

func (o ground) close() error {
	var errs []error
	for _, l := range o.doors {
		errs = append(errs, l.Close())
	}
	if o.db != nil {
		errs = append(errs, o.db.Close())
	}
	return errors.Join(errs...)
}

// cause is the last of a chain of errors: "address already in use".
func cause(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
