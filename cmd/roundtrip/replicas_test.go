package main

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
)

// TestReplicasShareTheWork: three processes have one database, and whichever is
// asked hears. One after the other is killed with SIGKILL while people work.
// Nothing that was accepted is lost, and nothing is done twice.
func TestReplicasShareTheWork(t *testing.T) {
	t.Setenv(pgtest.On, "postgres")
	dir := t.TempDir()
	w := live(t, playground.LiveFile)
	all := make(replicas, 3)
	for i := range all {
		all[i].Store(serveIn(t, w, dir))
	}
	w.SetBot(all)
	chance := rand.New(rand.NewPCG(crashSeed, crashSeed))
	ctx, enough := context.WithCancel(t.Context())
	var people sync.WaitGroup
	people.Go(func() { busy(ctx, t, w) })
	for i := range 9 {
		gone := &all[i%len(all)]
		time.Sleep(time.Duration(20+chance.IntN(300)) * time.Millisecond)
		gone.Load().kill()
		gone.Store(serveIn(t, w, dir))
		w.SetBot(all)
	}
	enough()
	people.Wait()
	calm(t, w, all[0].Load(), dir)
	for i := range all {
		if status := all[i].Load().interrupt(); status != 0 {
			t.Errorf("replica %d ended with status %d:\n%s", i, status, all[i].Load().said())
		}
	}
	nothingLost(t, w, dir)
	nothingTwice(t, w)
}

// replicas stand behind one address that asks each in turn.
type replicas []atomic.Pointer[process]

var turn atomic.Int64

func (all replicas) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	all[turn.Add(1)%int64(len(all))].Load().hooks.ServeHTTP(rw, r)
}
