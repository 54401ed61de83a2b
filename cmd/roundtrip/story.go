package main

import (
	"context"
	"fmt"
	"os"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
)

// toldHow is how a story is told.
type toldHow struct {
	update bool   // what was seen is written into its file
	steps  *steps // nil: at one go
}

// tell plays a story and prints it as it went.
func tell(ctx context.Context, env environment, file string, how toldHow) (err error) {
	text, err := os.ReadFile(file) //nolint:gosec // the person at the keyboard named it
	if err != nil {
		return err
	}
	dir, gone, err := scratch("story")
	if err != nil {
		return err
	}
	defer gone(&err)
	stage := story.Stage{Open: opener(dir)}
	if how.steps != nil {
		how.steps.on(ctx, &stage, env.stdout, dir)
		defer how.steps.end()
	}
	res, err := stage.Run(ctx, string(text))
	fmt.Fprint(env.stdout, res.Transcript)
	switch {
	case err != nil:
		return fmt.Errorf("play %s: %w", file, err)
	case how.update:
		return os.WriteFile(file, []byte(res.Transcript), 0o644)
	case res.Difference != "":
		return fmt.Errorf("%s went differently: %s\n  next: roundtrip playground --story %s --update, then look at the difference", file, res.Difference, file)
	}
	return nil
}

// opener makes the bot of a story: the bot of serve, but for its clock.
func opener(dir string) story.Open { return openerOf(dir, func(*app) {}) }

// openerOf is opener, and shows what it made.
func openerOf(dir string, made func(*app)) story.Open {
	return func(ctx context.Context, w *playground.World, watch func(bot.Task, bot.Effect)) (story.Bot, func() error, error) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, nil, err
		}
		return openerAt(sqliteIn(dir, "story"), made)(ctx, w, watch)
	}
}

// openerAt is openerOf, with a database that is named.
func openerAt(database string, made func(*app)) story.Open {
	return func(ctx context.Context, w *playground.World, watch func(bot.Task, bot.Effect)) (story.Bot, func() error, error) {
		a, err := openFor(ctx, w, database, around{clock: w.Now, watch: watch})
		if err != nil {
			return nil, nil, err
		}
		w.SetBot(a.public)
		made(a)
		return a.engine, a.store.Close, nil
	}
}
