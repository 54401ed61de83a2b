package main

import (
	"context"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store"
)

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
