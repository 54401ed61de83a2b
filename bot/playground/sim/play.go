package sim

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// began is when every history begins: a Monday morning.
var began = time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)

// play is a history on its way.
type play struct {
	ctx      context.Context
	cast     Cast
	world    *playground.World
	clock    *playground.Clock
	books    Store
	closing  func() error
	replicas []*replica
	order    *rand.Rand // who goes on next
	acts     []*Act     // still to come
	onLine   map[int]Fault
	aimed    []*aimed
	inPost   map[int]Fault
	parcels  []parcel
	posted   map[string]bool
	requests int
	steps    int
	deaf     bool // nobody takes the webhook that is delivered now
	graves   []*life
	trace    *trace
	counts   map[string]int
	off      time.Duration // by how much the database's clock is ahead of all others
	end      time.Time     // zero until the acts are over
	wrong    []string
	pushes   int
	still    [][2]time.Time  // when a replica stood still altogether, and a moment longer
	askedFor map[string]bool // commits that somebody asked for, or that were there before
}

// Bounds of a history.
const (
	mostSteps = 60_000                // more is a bot that answers itself
	calmFor   = 2 * time.Hour         // after the last act, when nothing goes wrong any more
	tick      = 15 * time.Millisecond // that a request takes
)

func (c Cast) stage(ctx context.Context, s Script, traced bool) (*play, error) {
	k, err := key()
	if err != nil {
		return nil, err
	}
	p := &play{
		ctx: ctx, cast: c, clock: playground.NewClock(began), order: chance(s.Seed, 2), trace: newTrace(traced),
		onLine: map[int]Fault{}, inPost: map[int]Fault{}, posted: map[string]bool{}, counts: map[string]int{}, askedFor: map[string]bool{},
	}
	if p.world, err = playground.New(ctx, playground.Options{Clock: p.clock, Inside: true, Key: k}); err != nil {
		return nil, err
	}
	if err := p.world.Found(file); err != nil {
		return nil, err
	}
	p.world.SetTraffic(traffic)
	p.askedFor[p.world.GitHub.Branch(playground.Repo, "main")] = true
	if p.books, p.closing, err = c.Open(ctx, p.storeNow); err != nil {
		return nil, err
	}
	p.world.SetBooks(p.books)
	p.world.SetBot(front{p})
	for n := range replicas {
		p.replicas = append(p.replicas, &replica{play: p, number: n + 1, faults: map[int]Fault{}, back: began})
	}
	p.take(s)
	return p, nil
}

func (p *play) clear() {
	for _, r := range p.replicas {
		if r.now != nil {
			r.now.bury()
		}
	}
	p.world.Close()
	_ = p.closing() // it is thrown away
}

func (p *play) since() time.Duration { return p.clock.Now().Sub(began) }

func (p *play) happened(f Fault) {
	p.counts[f.Kind]++
	p.trace.add(p.since(), "!", f.String())
}

// changed: whoever was idle may have work.
func (p *play) changed() {
	for _, r := range p.replicas {
		if r.now != nil {
			r.now.idle = false
		}
	}
}
