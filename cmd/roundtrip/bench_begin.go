package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store"
)

// benched runs a bench whose flags are no mistakes, with a directory of its own
// that is deleted after it.
func (env environment) benched(mistakes func() []bot.Mistake, run func(ctx context.Context, dir string) error) func(*cobra.Command, []string) error {
	return env.benchedOn(new(string), mistakes, func(ctx context.Context, dir, _ string) error { return run(ctx, dir) })
}

// benchedOn does so on a database that it is to fill up: what was asked for, or
// a SQLite file in that directory.
func (env environment) benchedOn(asked *string, mistakes func() []bot.Mistake, run func(ctx context.Context, dir, database string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) (err error) {
		wrongs, err := emptyDatabase(c.Context(), *asked)
		if err != nil {
			return err
		}
		if wrongs = slices.Concat(env.asked(c, args, 0, ""), mistakes(), wrongs); len(wrongs) > 0 {
			return usage{wrongs}
		}
		dir, gone, err := scratch(c.Name())
		if err != nil {
			return err
		}
		defer gone(&err)
		return run(c.Context(), dir, cmp.Or(*asked, sqliteIn(dir, "roundtrip")))
	}
}

// tooFew are the flags whose number is less than one; instead is one that will do.
func tooFew(instead int, flags map[string]int) (mistakes []bot.Mistake) {
	for _, flag := range slices.Sorted(maps.Keys(flags)) {
		if n := flags[flag]; n < 1 {
			mistakes = append(mistakes, wrong(flag, fmt.Sprintf("%d is too few", n), fmt.Sprintf("write --%s %d", flag, instead)))
		}
	}
	return mistakes
}

// emptyDatabase is what is wrong with a database that a bench is to fill up:
// it must be an empty PostgreSQL database, or none, for a SQLite file of its own.
func emptyDatabase(ctx context.Context, url string) (mistakes []bot.Mistake, err error) {
	switch {
	case url == "":
		return nil, nil
	case !strings.HasPrefix(url, "postgres"):
		return append(mistakes, wrong("database", "it names no PostgreSQL database", "write postgres://name:password@host:5432/empty, or leave it out")), nil
	}
	empty, err := store.Empty(ctx, url)
	if err == nil && !empty {
		mistakes = append(mistakes, wrong("database", "it holds something already, which a bench would fill up", "name an empty one"))
	}
	return mistakes, err
}
