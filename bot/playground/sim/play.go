package sim

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
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
	end      time.Time // zero until the acts are over
	wrong    []string
	pushes   int
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
	if p.books, p.closing, err = c.Open(ctx, p.clock.Now); err != nil {
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

// take sorts a script by where its lines belong.
func (p *play) take(s Script) {
	for _, l := range s.Lines {
		switch {
		case l.Act != nil:
			p.acts = append(p.acts, l.Act)
		case l.Fault.Aim != "":
			p.aimed = append(p.aimed, &aimed{Fault: *l.Fault})
		case l.Fault.Replica > 0:
			p.replicas[l.Fault.Replica-1].faults[l.Fault.At] = *l.Fault
		case slices.Contains([]string{lost, twice, late}, l.Fault.Kind):
			p.inPost[l.Fault.At] = *l.Fault
		default:
			p.onLine[l.Fault.At] = *l.Fault
		}
	}
	slices.SortStableFunc(p.acts, func(a, b *Act) int { return int(a.At - b.At) })
}

// aimed is a fault for whoever comes to a door.
type aimed struct {
	Fault
	met int
}

// aimedAt is the fault that is met at a door.
func (p *play) aimedAt(what string) (f Fault) {
	for _, a := range p.aimed {
		if strings.Contains(what, a.Aim) {
			if a.met++; a.met == a.At {
				f = a.Fault
			}
		}
	}
	return f
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

// run goes on until all is over: of those who could go on, chance picks one.
func (p *play) run() error {
	for range mostSteps {
		if err := p.prepare(); err != nil {
			return err
		}
		if moves := p.moves(); len(moves) > 0 {
			if err := moves[p.order.IntN(len(moves))](); err != nil {
				return err
			}
			continue
		}
		if p.over() {
			return nil
		}
		p.wait()
	}
	p.wrong = append(p.wrong, "the bot does not come to rest")
	return nil
}

// prepare buries the dead, begins who is back, and posts what is to be sent.
func (p *play) prepare() error {
	for _, l := range p.graves {
		l.bury()
	}
	p.graves = nil
	p.collect()
	for _, r := range p.replicas {
		if r.now == nil && !r.back.After(p.clock.Now()) {
			if err := r.begin(); err != nil {
				return err
			}
		}
	}
	return nil
}

// moves are all that could happen now.
func (p *play) moves() (list []func() error) {
	now := p.clock.Now()
	if len(p.acts) > 0 && p.acts[0].At <= p.since() {
		list = append(list, p.act)
	}
	for i, parcel := range p.parcels {
		if !parcel.due.After(now) {
			list = append(list, func() error { p.deliver(i); return nil })
		}
	}
	for _, r := range p.replicas {
		l := r.now
		switch {
		case l == nil:
		case l.renewing():
			list = append(list, func() error { l.renewNow(); return nil })
		case !l.idle && !l.until.After(now):
			list = append(list, func() error { p.steps++; l.resume(); return nil })
		}
	}
	return list
}

// over reports whether nothing is left to wait for.
func (p *play) over() bool {
	if len(p.acts) > 0 {
		return false
	}
	if p.end.IsZero() {
		p.end = p.clock.Now().Add(calmFor)
		p.mend()
		return false
	}
	return !p.clock.Now().Before(p.end) && len(p.parcels) == 0
}

// wait lets time pass until the next thing is due.
func (p *play) wait() {
	now := p.clock.Now()
	next := now.Add(time.Hour)
	sooner := func(t time.Time) {
		if t.Before(next) {
			next = t
		}
	}
	if len(p.acts) > 0 {
		sooner(began.Add(p.acts[0].At))
	}
	for _, parcel := range p.parcels {
		sooner(parcel.due)
	}
	for _, r := range p.replicas {
		switch {
		case r.now == nil:
			sooner(r.back)
		case !r.now.idle:
			sooner(r.now.until)
		}
		if l := r.now; l != nil && l.lease.renew != nil && !l.frozen {
			sooner(l.lease.at)
		}
	}
	if due, any, err := p.books.NextDue(p.ctx); err == nil && any {
		sooner(due)
	}
	if !p.end.IsZero() {
		sooner(p.end)
	}
	if least := now.Add(10 * time.Millisecond); next.Before(least) {
		next = least
	}
	p.world.Advance(next)
	p.changed()
}
