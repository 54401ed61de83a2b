package main

import (
	"context"
	"os"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
	"github.com/roundtrip-bot/roundtrip/bot/store"
)

// benchServe is this program's serve, to be started as processes of its own that
// work on a database and write beside it into dir, in a pretend world whose shop
// has so many visitors a second and whose GitHub has so many webhooks on their
// way at a time. The caller ends the world.
func benchServe(ctx context.Context, database, dir string, visitors float64, hooks int) (s campaign.Serve, end func(), err error) {
	program, err := os.Executable()
	if err != nil {
		return s, nil, err
	}
	w, end, err := campaign.World(ctx, campaign.File(playground.LiveFile), visitors, hooks)
	return campaign.Serve{Program: program, World: w, Database: database, Dir: dir}, end, err
}

// booksOf opens a database beside the processes that work on it.
func booksOf(database string) campaign.Books {
	return func(ctx context.Context) (campaign.Reader, error) { return store.OpenReader(ctx, database) }
}
