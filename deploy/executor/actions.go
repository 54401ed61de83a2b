package executor

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Workflows is what actions needs of GitHub Actions.
type Workflows interface {
	// Dispatch starts a workflow on the default branch; the id is that of the
	// run, or 0 when nobody tells. Errors: bot.Permanent when it was refused;
	// after any other it may have been started.
	Dispatch(ctx context.Context, repo bot.RepoRef, workflow string, inputs map[string]string) (id int64, err error)
	// Dispatched lists the runs that were made since then, newest first, until
	// more is false. GitHub lists 1,000 at most, and does not say that it ended.
	Dispatched(ctx context.Context, repo bot.RepoRef, since time.Time, more func(bot.WorkflowRun) bool) error
	// Run reads one.
	Run(ctx context.Context, repo bot.RepoRef, id int64) (bot.WorkflowRun, error)
	// Cancel stops one, sooner or later.
	Cancel(ctx context.Context, repo bot.RepoRef, id int64) error
}

const (
	maxListed = 1000            // runs that are looked through; more GitHub lists for nobody
	appears   = 2 * time.Minute // how long a dispatched run may take to be listed
	apart     = time.Hour       // how far GitHub's clock and ours may differ
)

// actions starts a workflow of the repository itself for each thing that is
// asked. It keeps nothing: every run has the order's key in its title, by which
// it is found, also by who was not there when it was started.
type actions struct {
	moves
	w   Workflows
	now func() time.Time

	mu    sync.Mutex
	slots map[string]*actionsSlot
}

func newActions(_ Endpoint, o Options) (Executor, error) {
	if o.Workflows == nil {
		return nil, errors.New("nobody starts workflows here")
	}
	x := &actions{w: o.Workflows, now: o.Now, slots: map[string]*actionsSlot{}}
	x.moves = moves{x}
	return x, nil
}

// Start dispatches the workflow.
func (x *actions) Start(ctx context.Context, o bot.StageOrder) error {
	slot, err := x.enter(ctx, o)
	if err != nil {
		return err
	}
	defer slot.leave()
	d, err := slot.look(ctx, o)
	if err != nil {
		return err
	}
	if err := d.fenced(o); err != nil || len(d.runs) > 0 {
		return err
	}
	_, err = slot.dispatch(ctx, o, "start")
	return err
}

// Find looks for the run that has the key. A dispatch whose answer was lost is
// listed a little later, and until then nobody knows.
func (x *actions) Find(ctx context.Context, o bot.StageOrder) (bool, error) {
	slot, err := x.enter(ctx, o)
	if err != nil {
		return false, err
	}
	defer slot.leave()
	d, err := slot.look(ctx, o)
	if err != nil {
		return false, err
	}
	if s, ok := slot.sent[runTitle(o, "start")]; ok && len(d.runs) == 0 && !s.sure {
		return false, bot.RetryAfter{After: 10 * time.Second, Err: fmt.Errorf("find %s: a run that may have been started is not listed yet", o.Key)}
	}
	return len(d.runs) > 0, nil
}

// Observe tells from the runs how far it is.
func (x *actions) Observe(ctx context.Context, o bot.StageOrder) (bot.Observation, error) {
	slot, err := x.enter(ctx, o)
	if err != nil {
		return bot.Observation{}, err
	}
	defer slot.leave()
	d, err := slot.look(ctx, o)
	if err != nil {
		return bot.Observation{}, err
	}
	if len(d.runs) == 0 {
		return bot.Observation{}, fmt.Errorf("observe %s: it was never started: %w", o.Key, bot.ErrNotFound)
	}
	return d.observation(), nil
}

func (x *actions) move(ctx context.Context, o bot.StageOrder, verb string) error {
	slot, err := x.enter(ctx, o)
	if err != nil {
		return err
	}
	defer slot.leave()
	d, err := slot.look(ctx, o)
	if err != nil {
		return err
	}
	if err := d.fenced(o); err != nil {
		return err
	}
	what, last, err := d.decide(o, verb)
	switch {
	case err != nil || what == nothing:
		return err
	case what == stopFirst:
		if err := slot.stop(ctx, o, last); err != nil {
			return err
		}
		last, err = slot.dispatch(ctx, o, verb)
	case what == begin:
		last, err = slot.dispatch(ctx, o, verb)
	}
	if err != nil {
		return err
	}
	return slot.ended(o, last)
}
