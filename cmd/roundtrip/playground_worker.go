package main

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// worker is the bot of the playground, which may be killed: what is put
// together then is new but for the database.
type worker struct {
	world    *playground.World
	database string
	around   around
	admin    atomic.Pointer[http.Handler] // of the present one; nil while there is none
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
	if err := a.takeUp(ctx); err != nil {
		return errors.Join(err, a.store.Close())
	}
	ctx, k.stop = context.WithCancel(ctx)
	k.app = a
	k.work.Go(func() { a.engine.Run(ctx) })
	k.work.Go(func() { a.fetchRefused(ctx, a.hear, k.around.log) })
	if a.listen != nil {
		k.work.Go(func() { a.hearSlack(ctx, k.around.log) })
	}
	k.world.SetBot(a.public)
	k.world.SetBooks(a.store)
	k.admin.Store(&a.admin)
	return nil
}

// end stops it: what was begun is finished first.
func (k *worker) end() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.app == nil {
		return nil
	}
	k.leave()
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
		k.leave()
		_ = k.app.store.Close() // what it still wanted to write is lost
		k.work.Wait()
		k.app = nil
	}
	k.mu.Unlock()
	return k.begin(ctx)
}

// leave is the moment in which it is gone: nobody reaches it any more.
func (k *worker) leave() {
	k.world.SetBot(nil)
	k.world.SetBooks(nil)
	k.admin.Store(nil)
	k.stop()
}

// pages are the bot's own, of whichever bot there is.
func (k *worker) pages(rw http.ResponseWriter, r *http.Request) {
	h := k.admin.Load()
	if h == nil {
		http.Error(rw, "the bot is away", http.StatusServiceUnavailable)
		return
	}
	(*h).ServeHTTP(rw, r)
}
