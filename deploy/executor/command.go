package executor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// patience is how long a call waits for its run to end before it asks to be
// asked again; an attempt of the engine is longer.
const patience = 5 * time.Second

// command runs a program of the operator's for each thing that is asked. What
// was begun and how it ended is in files, so that a restart neither forgets a
// deployment nor starts one twice.
type command struct {
	moves
	argv       []string
	timeout    time.Duration
	dir        string
	supervisor []string
	mu         sync.Mutex // one decision at a time; runs go on beside it
}

func newCommand(e Endpoint, o Options) (Executor, error) {
	switch {
	case len(e.Run) == 0 || !filepath.IsAbs(e.Run[0]):
		return nil, errors.New("its program is not named by its whole path")
	case !filepath.IsAbs(o.State) || len(o.Supervisor) == 0:
		return nil, errors.New("there is no folder to remember runs in, or nobody to watch them")
	}
	if e.Timeout <= 0 {
		e.Timeout = 20 * time.Minute
	}
	if err := os.MkdirAll(o.State, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder that remembers runs: %w", err)
	}
	x := &command{argv: e.Run, timeout: e.Timeout, dir: o.State, supervisor: o.Supervisor}
	x.moves = moves{x}
	return x, nil
}

// Start begins the run and does not wait for it.
func (x *command) Start(ctx context.Context, o bot.StageOrder) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("start %s: %w", o.Key, err)
	}
	d, err := x.deployment(o)
	if err != nil {
		return err
	}
	if err := x.fenced(o); err != nil || len(d.runs) > 0 {
		return err
	}
	_, err = x.begin(d, o, "start")
	return err
}

// Find looks whether a run was ever begun.
func (x *command) Find(ctx context.Context, o bot.StageOrder) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, fmt.Errorf("find %s: %w", o.Key, err)
	}
	d, err := x.deployment(o)
	return err == nil && len(d.runs) > 0, err
}

// Observe tells from the runs how far it is.
func (x *command) Observe(_ context.Context, o bot.StageOrder) (bot.Observation, error) {
	d, err := x.deployment(o)
	if err != nil {
		return bot.Observation{}, err
	}
	if len(d.runs) == 0 {
		return bot.Observation{}, fmt.Errorf("observe %s: it was never started: %w", o.Key, bot.ErrNotFound)
	}
	return d.observation(), nil
}

// move begins a run, or finds the one that was begun before, and waits a while
// for its end. A run that takes longer is asked for again later.
func (x *command) move(ctx context.Context, o bot.StageOrder, verb string) error {
	r, err := x.take(ctx, o, verb)
	if err != nil || r == nil {
		return err
	}
	return x.await(ctx, o, *r)
}

// take decides what to do; nil when nothing is left to be done.
func (x *command) take(ctx context.Context, o bot.StageOrder, verb string) (*run, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s %s: %w", verb, o.Key, err)
	}
	d, err := x.deployment(o)
	if err != nil {
		return nil, err
	}
	if err := x.fenced(o); err != nil {
		return nil, err
	}
	what, last, err := d.decide(o, verb)
	switch {
	case err != nil || what == nothing:
		return nil, err
	case what == wait:
		return &last, nil
	case what == stopFirst:
		if err := x.stop(last); err != nil {
			return nil, err
		}
	}
	if err := d.tidy(); err != nil {
		return nil, err
	}
	return x.begin(d, o, verb)
}

// await waits for a run's end.
func (x *command) await(ctx context.Context, o bot.StageOrder, r run) error {
	for began := time.Now(); ; {
		got, err := r.look()
		switch {
		case err != nil:
			return err
		case got.state == ended:
			return nil
		case got.state == failed:
			if err := got.tell(); err != nil {
				return err
			}
			return permanent("%s %s: %s", r.Verb, o.Key, got.message)
		case time.Since(began) > patience:
			// The longer it takes, the more seldom it is asked about.
			wait := min(max(2*time.Second, time.Since(r.Began)/4), 2*time.Minute)
			return bot.RetryAfter{After: wait, Err: fmt.Errorf("%s %s: the command still runs", r.Verb, o.Key)}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s %s: %w", r.Verb, o.Key, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
