package engine_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/store"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
)

// Two processes have one database. The one that works never looks by itself
// here: what the other hears and saves wakes it.
func TestOneProcessWakesTheOther(t *testing.T) {
	url := pgtest.URL(t)
	open := func() *store.Store {
		s, err := store.Open(t.Context(), url, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	seen := make(chan string, 9)
	works := engine.New(engine.Options{
		Store: open(), Owner: "works", Openers: map[string]engine.Opener{"test": openTest},
		After: func(time.Duration) <-chan time.Time { return nil },
		Handlers: []bot.Handler{bot.On("judge", func(_ context.Context, d bot.Delivery[bot.JudgeDue]) (bot.Plan, error) {
			seen <- d.Event.Why
			return bot.Plan{}, nil
		})},
	})
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	working.Go(func() { works.Run(ctx) })
	defer working.Wait()
	defer stop()
	hears := engine.New(engine.Options{Store: open(), Owner: "hears"})
	for _, why := range []string{"first", "second"} {
		if _, err := hears.Hear(t.Context(), "test", why, "judge", []byte("1 "+why)); err != nil {
			t.Fatal(err)
		}
		if got := <-seen; got != why {
			t.Errorf("it handled %q", got)
		}
	}
}
