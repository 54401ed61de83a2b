package engine

import (
	"cmp"
	"context"
	"sync"
	"time"
)

// Step does one piece of work, if there is any, and reports whether it did.
// Opening comes before handling and handling before performing, so that two
// runs over the same world take the same steps: stories and simulations drive
// the engine with Step on a clock of their own.
func (e *Engine) Step(ctx context.Context) (bool, error) {
	for _, f := range []func(context.Context) (bool, error){e.sortNext, e.handleNext} {
		if worked, err := f(ctx); worked || err != nil {
			return worked, err
		}
	}
	e.writeOwed(ctx)
	for _, l := range e.o.Lanes {
		if worked, err := e.performNext(ctx, e.lanes[l.Name]); worked || err != nil {
			return worked, err
		}
	}
	return false, nil
}

// Due is when there will be work again; false when nothing waits.
func (e *Engine) Due(ctx context.Context) (time.Time, bool, error) { return e.o.Store.NextDue(ctx) }

// How many of each loop a process runs, and how often an idle one looks: the
// stir is a hint, the look is the truth.
const (
	handlerLoops = 6
	laneLoops    = 2
	idleLook     = 250 * time.Millisecond
	listenAgain  = 5 * time.Second
)

// Run works until ctx ends: then nothing new is taken, and what is in hand is
// finished within the grace, or cut off and put back for whoever comes next.
func (e *Engine) Run(ctx context.Context) {
	work, end := graceful(ctx, e.o.Grace)
	defer end()
	var wg sync.WaitGroup
	bell := newBell()
	loop := func(f func(context.Context) (bool, error)) {
		wg.Go(func() { e.loop(ctx, bell, func() (bool, error) { return f(work) }) })
	}
	loop(e.sortNext)
	for range handlerLoops {
		loop(e.handleNext)
	}
	for _, l := range e.o.Lanes {
		for range cmp.Or(l.Loops, laneLoops) {
			loop(func(ctx context.Context) (bool, error) { return e.performNext(ctx, e.lanes[l.Name]) })
		}
	}
	wg.Go(func() { bell.ring(ctx, e.stir) })
	wg.Go(func() { e.listen(ctx) })
	wg.Go(func() { e.keepTidy(ctx) })
	wg.Go(func() { e.keepWritingOwed(ctx, work) })
	wg.Wait()
	e.writeOwedLast(work)
}

// listen to those who share the database. While they are not heard, each loop
// finds their work by its own look.
func (e *Engine) listen(ctx context.Context) {
	for ctx.Err() == nil {
		err := e.o.Store.Listen(ctx, e.wake)
		if err != nil {
			e.o.Log.Warn("hints of other processes are not heard; trying again", "in", listenAgain.String(), "error", e.scrub(err.Error()))
		}
		select {
		case <-ctx.Done():
		case <-e.o.After(listenAgain):
		}
	}
}

func (e *Engine) loop(ctx context.Context, bell *bell, f func() (bool, error)) {
	for ctx.Err() == nil {
		rung := bell.listen()
		worked, err := f()
		if err != nil && ctx.Err() == nil {
			e.o.Log.Error("work failed; it will be tried again", "error", e.scrub(err.Error()))
		}
		if worked && err == nil {
			e.wake() // there may be more, also for other loops
			continue
		}
		select {
		case <-ctx.Done():
		case <-rung:
		case <-e.o.After(idleLook):
		}
	}
}

// bell wakes all loops that listen at once.
type bell struct {
	mu sync.Mutex
	c  chan struct{}
}

func newBell() *bell { return &bell{c: make(chan struct{})} }

func (b *bell) listen() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.c
}

func (b *bell) ring(ctx context.Context, stir <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-stir:
			b.mu.Lock()
			close(b.c)
			b.c = make(chan struct{})
			b.mu.Unlock()
		}
	}
}
