package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/store"
)

func migrateCommand(env environment) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "migrate FILE", Short: "Move a SQLite file into PostgreSQL",
		Long: "Move all that a SQLite file holds into the empty PostgreSQL database that ROUNDTRIP_DATABASE_URL names, in one\ntransaction: all of it or nothing. Stop serve first; a file that is worked on is refused. Afterwards the file is\ncalled FILE.moved, so that nothing goes on working with it.",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := env.settings(c, args, 1, "roundtrip migrate roundtrip.db", file)
			if err != nil {
				return err
			}
			return migrate(c.Context(), env, s, args[0])
		},
	}
	c.Flags().StringVar(&file, "config", "", "file with settings, in YAML, as for serve")
	return c
}

func migrate(ctx context.Context, env environment, s config.Server, file string) (err error) {
	if strings.HasPrefix(s.Database.Reveal(), "sqlite:") {
		return fmt.Errorf("migrate %s: database_url (ROUNDTRIP_DATABASE_URL) names the SQLite file %s; it must name the PostgreSQL database that the file is moved into", file, s.Database.Name)
	}
	if _, err := os.Stat(file); err != nil { // to open it would make it
		return fmt.Errorf("migrate: there is no file %s", file)
	}
	moved, err := moveInto(ctx, file, s)
	if err != nil {
		return fmt.Errorf("migrate %s: %w; nothing was moved", file, err)
	}
	for _, m := range moved {
		fmt.Fprintf(env.stdout, "%-9s %d rows\n", m.Table, m.Rows)
	}
	if err := os.Rename(file, file+".moved"); err != nil {
		return fmt.Errorf("migrate %s: all of it was moved, but the file could not be put aside, so do it yourself: %w", file, err)
	}
	fmt.Fprintf(env.stdout, "All of %s is in PostgreSQL now; the file is kept as %s.moved.\n  next: start serve with this ROUNDTRIP_DATABASE_URL\n", file, file)
	return nil
}

func moveInto(ctx context.Context, file string, s config.Server) (moved []store.Moved, err error) {
	from, err := store.Open(ctx, "sqlite:"+file, store.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := store.Open(ctx, s.Database.Reveal(), store.Options{})
	if err != nil {
		return nil, err
	}
	defer to.Close() //nolint:errcheck // all of it was committed, or nothing
	return from.MoveInto(ctx, to)
}
