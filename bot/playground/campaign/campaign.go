// Package campaign runs the bot as processes of its own against a pretend
// world, kills them at random moments while people are at work, starts them
// again, and counts by what the world saw what was lost and what was done
// twice.
package campaign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// Campaign is what is done.
type Campaign struct {
	Serve    Serve         // how a process is started; all share its database
	Replicas int           // that run at the same time; on SQLite one
	Kills    int           // in all, each of one process by SIGKILL
	Seed     uint64        // of who is killed when
	Books    Books         // opens the database beside the processes
	Patience time.Duration // for all to come to rest after the last kill
	Log      io.Writer     // one line now and then; nil for none
}

// Result is what came of it.
type Result struct {
	Kills    int
	Accepted int // deliveries that were answered 2xx
	Orders   int // that the deploy target began
	Lost     []string
	Doubled  []string
	Doubtful []string
	Hands    // what the killed had in hand, and when it was taken over
	killed   []time.Time
}

// Run the campaign. The world is open, and nobody hears it yet.
func (c Campaign) Run(ctx context.Context) (r Result, err error) {
	all := make(replicas, c.Replicas)
	defer all.end()
	for i := range all {
		if err := all.start(i, c.Serve); err != nil {
			return r, err
		}
	}
	if err := c.kill(ctx, all, &r); err != nil {
		return r, err
	}
	if err := c.calm(ctx); err != nil {
		return r, fmt.Errorf("%w\n%s", err, all[0].Load().Said())
	}
	return r, c.judge(ctx, &r)
}

// letAlone: after each so many kills nobody is killed until what was in hand is
// taken over.
const letAlone = 50

// kill one process after another while people are at work, and start it again.
func (c Campaign) kill(ctx context.Context, all replicas, r *Result) (err error) {
	chance := rand.New(rand.NewPCG(c.Seed, c.Seed))
	team := people{world: c.Serve.World}
	hands := watch(ctx, c.Books)
	defer func() {
		var left error
		r.Hands, left = hands.end(ctx, c.Patience)
		err = errors.Join(err, left)
	}()
	for i := range c.Kills {
		// One change long before, and one of which some is in hand.
		for _, most := range []int{600, 100} {
			if err := team.act(); err != nil {
				return err
			}
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(time.Duration(10+chance.IntN(most)) * time.Millisecond):
			}
		}
		if err := c.killOne(ctx, all, i%len(all), r, hands); err != nil {
			return err
		}
	}
	return nil
}

func (c Campaign) killOne(ctx context.Context, all replicas, gone int, r *Result, hands *watched) error {
	dead := all[gone].Load()
	dead.Kill()
	at := time.Now()
	r.killed = append(r.killed, c.Serve.World.Now())
	held, err := c.inHand(ctx, dead)
	if err != nil {
		return err
	}
	if len(all) == 1 {
		at = time.Now() // nobody else is there: it is counted from the restart
	}
	hands.add(held, at)
	if err := all.start(gone, c.Serve); err != nil {
		return err
	}
	redeliver(ctx, c.Serve.World)
	if r.Kills++; r.Kills%letAlone != 0 {
		return nil
	}
	if c.Log != nil {
		fmt.Fprintf(c.Log, "killed %d times; %d deliveries so far\n", r.Kills, len(c.Serve.World.GitHub.Deliveries()))
	}
	return hands.free(ctx, c.Patience)
}

// replicas stand behind one address that asks each in turn.
type replicas []atomic.Pointer[Process]

var turn atomic.Int64

func (all replicas) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	all[turn.Add(1)%int64(len(all))].Load().Hooks.ServeHTTP(rw, r)
}

func (all replicas) start(i int, s Serve) error {
	p, err := s.Start()
	if err != nil {
		return err
	}
	all[i].Store(p)
	for j := range all {
		if all[j].Load() == nil {
			return nil // not all are there yet
		}
	}
	s.World.SetBot(all)
	s.World.GitHub.HoldHooks(false)
	return nil
}

func (all replicas) end() {
	for i := range all {
		if p := all[i].Load(); p != nil {
			p.Kill()
		}
	}
}

// World opens a world in real time with so many visitors a second, which nobody
// hears yet, and whose GitHub has so many webhooks on their way at a time. End
// it when all is judged.
func World(ctx context.Context, file string, visitors float64, hooks int) (w *playground.World, end func(), err error) {
	w, err = playground.New(ctx, playground.Options{})
	if err != nil {
		return nil, nil, err
	}
	if err := w.Found(file, places[1:]...); err != nil {
		w.Close()
		return nil, nil, err
	}
	w.GitHub.HoldHooks(true) // until somebody hears
	living, stop := context.WithCancel(context.WithoutCancel(ctx))
	var life sync.WaitGroup
	for range hooks {
		life.Go(func() { w.GitHub.Run(living) })
	}
	life.Go(func() { w.RunLoad(living, visitors) })
	return w, func() { stop(); life.Wait(); w.Close() }, nil
}
