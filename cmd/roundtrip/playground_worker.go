package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// worker is the bot of the playground, which may be killed: what is put
// together then is new but for the database.
type worker struct {
	world    *playground.World
	database string
	around   around
	mu       sync.Mutex
	app      *app
	stop     context.CancelFunc
	work     sync.WaitGroup
}

// In a world whose time runs faster, half a minute of it may be half a second
// of ours: leases are long enough for the fastest, and a new worker, who alone
// holds the database, does not wait for them.
const worldLease = 30 * time.Minute

// newWorker is a bot that lives in the world's time.
func newWorker(w *playground.World, database string, a around) *worker {
	a.clock, a.after, a.lease = w.Now, w.Clock().After, worldLease
	return &worker{world: w, database: database, around: a}
}

// begin opens the database, takes up what was left lying, and works until it
// is stopped or killed, or ctx ends.
func (k *worker) begin(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	a, err := openFor(ctx, k.world, k.database, k.around)
	if err != nil {
		return err
	}
	if err := a.store.Resume(ctx); err != nil {
		return errors.Join(err, a.store.Close())
	}
	ctx, k.stop = context.WithCancel(ctx)
	k.app = a
	k.work.Go(func() { a.engine.Run(ctx) })
	k.world.SetBot(a.public)
	k.world.SetBooks(a.store)
	return nil
}

// end stops it: what was begun is finished first.
func (k *worker) end() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.app == nil {
		return nil
	}
	k.world.SetBot(nil)
	k.world.SetBooks(nil)
	k.stop()
	k.work.Wait()
	err := k.app.store.Close()
	k.app = nil
	return err
}

// kill abandons it between two steps, with requests on their way and the
// database taken from under it, and begins anew.
func (k *worker) kill(ctx context.Context) error {
	k.mu.Lock()
	if k.app != nil {
		k.world.SetBot(nil)
		k.world.SetBooks(nil)
		k.stop()
		_ = k.app.store.Close() // what it still wanted to write is lost
		k.work.Wait()
		k.app = nil
	}
	k.mu.Unlock()
	return k.begin(ctx)
}
