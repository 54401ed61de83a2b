package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
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
			s, mistakes := config.LoadServer(env.variables, file, os.ReadFile)
			mistakes = append(env.asked(c, args, 1, "roundtrip migrate roundtrip.db"), mistakes...)
			if mistakes = append(mistakes, migrateMistakes(s, args)...); len(mistakes) > 0 {
				return usage{mistakes}
			}
			return migrate(c.Context(), env, s, args[0])
		},
	}
	c.Flags().StringVar(&file, "config", "", "file with settings, in YAML, as for serve")
	return c
}

// migrateMistakes are what is wrong with where it is to go, and from where.
func migrateMistakes(s config.Server, files []string) (mistakes []bot.Mistake) {
	if strings.HasPrefix(s.Database.Reveal(), "sqlite:") {
		mistakes = append(mistakes, bot.Mistake{File: "ROUNDTRIP_DATABASE_URL", Message: "names the SQLite file " + s.Database.Name + "; it must name the PostgreSQL database that the file is moved into", Hint: "set it to postgres://…, as serve will have it"})
	}
	if len(files) != 1 {
		return mistakes
	}
	if _, err := os.Stat(files[0]); err != nil { // to open it would make it
		mistakes = append(mistakes, bot.Mistake{File: files[0], Message: "cannot be read: " + cause(err).Error(), Hint: "name the file that serve worked with, as /var/lib/roundtrip/roundtrip.db"})
	}
	return mistakes
}

func migrate(ctx context.Context, env environment, s config.Server, file string) (err error) {
	moved, err := moveInto(ctx, file, s)
	if errors.Is(err, store.ErrUnsure) {
		return fmt.Errorf("migrate %s: %w\n  next: run it again; if it then says that the database holds something already, all of it was moved: rename the file to %s.moved", file, err, file)
	}
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

func moveInto(ctx context.Context, file string, s config.Server) ([]store.Moved, error) {
	from, err := store.Open(ctx, "sqlite:"+file, store.Options{})
	if err != nil {
		return nil, err
	}
	defer from.Close() //nolint:errcheck // it was only read; what was moved is moved
	to, err := store.Open(ctx, s.Database.Reveal(), store.Options{})
	if err != nil {
		return nil, err
	}
	defer to.Close() //nolint:errcheck // all of it was committed, or nothing
	return from.MoveInto(ctx, to)
}
