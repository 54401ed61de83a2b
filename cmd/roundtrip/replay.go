package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/store"
	"github.com/roundtrip-bot/roundtrip/bot/when"
)

func replayCommand(env environment) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "replay DELIVERY", Short: "Print what today's code would plan for a delivery; nothing is written",
		Long: "Print what today's code would plan for a delivery that came before, against what is known now: facts, state,\neffects and timers. It reads the database and GitHub and writes to neither; it may run beside serve.\nDELIVERY is the id that GitHub shows under Recent deliveries, or the id of a row of the inbox.",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := env.settings(c, args, 1, "roundtrip replay 72d3162e-cc78-11e3-81ab-4c9367dc0958", file)
			if err != nil {
				return err
			}
			return replay(c.Context(), env, s, args[0])
		},
	}
	c.Flags().StringVar(&file, "config", "", "file with settings, in YAML, as for serve")
	return c
}

func replay(ctx context.Context, env environment, s config.Server, id string) error {
	db, err := store.OpenReader(ctx, s.Database.Reveal())
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // it was only read
	l, err := letter(ctx, db, id)
	if err != nil {
		return err
	}
	if len(l.Body) == 0 && len(l.Event) == 0 {
		return fmt.Errorf("replay %s: what was sent with it is forgotten: it was %s more than %s ago; keep_deliveries (ROUNDTRIP_KEEP_DELIVERIES) says how long it is kept", id, l.State, when.FormatDuration(s.Keep))
	}
	a, err := connect(s, db, around{})
	if err != nil {
		return err
	}
	plan, err := a.engine.Replay(ctx, l)
	if err != nil {
		return fmt.Errorf("replay %s: %w", id, err)
	}
	return printPlan(env.stdout, l, plan)
}

// letter finds a delivery by the id that its sender shows, or by ours.
func letter(ctx context.Context, db *store.Store, id string) (bot.Letter, error) {
	for _, name := range []string{id, bot.GitHubLetter(id), "slack/" + id} {
		if l, ok, err := db.Letter(ctx, name); err != nil || ok {
			return l, err
		}
	}
	return bot.Letter{}, fmt.Errorf("there is no delivery %q in this database; GitHub's page shows ids under Advanced, Recent deliveries", id)
}

func printPlan(w io.Writer, l bot.Letter, p bot.Plan) error {
	fmt.Fprintf(w, "delivery %s (%s %s), %s on %s\n", l.ID, l.Source, l.Name, l.State, l.At.Format("2006-01-02 15:04:05 UTC"))
	if l.Error != "" {
		fmt.Fprintf(w, "  it said: %s\n", l.Error)
	}
	for _, f := range p.Facts {
		fmt.Fprintf(w, "fact    %s %s %s\n", f.Kind, f.Subject, f.Data)
	}
	for _, d := range p.Docs {
		fmt.Fprintf(w, "keep    %s (version %d)\n", d.DocKey(), d.DocVersion())
	}
	for _, part := range []struct {
		name    string
		effects []bot.Effect
	}{{"do", p.Effects}, {"answer", p.Answers}, {"held", p.Held}} {
		for _, e := range part.effects {
			body, err := json.Marshal(e)
			if err != nil {
				return fmt.Errorf("print effect %s: %w", e.Kind(), err)
			}
			fmt.Fprintf(w, "%-7s %s %s\n        %s\n", part.name, e.Kind(), e.Key(), body)
		}
	}
	for _, t := range p.Timers {
		fmt.Fprintf(w, "wake    %s %s %s\n", t.At.Format("2006-01-02 15:04:05 UTC"), bot.EventKind(t.Event), strings.TrimPrefix(t.ID, "timer/"))
	}
	if len(p.Facts)+len(p.Docs)+len(p.Effects)+len(p.Answers)+len(p.Held)+len(p.Timers) == 0 {
		fmt.Fprintln(w, "nothing follows from it now")
	}
	return nil
}
