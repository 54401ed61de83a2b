package executor

import (
	"context"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Performer carries out one kind of effect.
type Performer interface {
	Kind() string
	Perform(context.Context, bot.Job) (bot.Receipt, error)
}

// All performers: of what may be asked of a stage. That of "stage.start" also
// confirms orders that were interrupted.
func (s *Set) All() []Performer {
	return []Performer{
		starter{performer{s, bot.StartStage{}.Kind(), Executor.Start}},
		performer{s, bot.SetWeight{}.Kind(), Executor.SetWeight},
		performer{s, bot.FinishStage{}.Kind(), Executor.Finish},
		performer{s, bot.AbortStage{}.Kind(), Executor.Abort},
	}
}

// performer asks one thing of the executor that an effect's order names.
type performer struct {
	set  *Set
	kind string
	ask  func(Executor, context.Context, bot.StageOrder) error
}

// Kind is that of the effect.
func (p performer) Kind() string { return p.kind }

// Perform asks. Its receipt holds the order's key.
func (p performer) Perform(ctx context.Context, job bot.Job) (bot.Receipt, error) {
	x, o, err := p.set.find(p.kind, job.Effect)
	if err != nil {
		return bot.Receipt{}, err
	}
	leave, err := p.place(o)
	if err != nil {
		return bot.Receipt{}, err
	}
	defer leave()
	if err := p.ask(x, ctx, o); err != nil {
		return bot.Receipt{}, err
	}
	return bot.Receipt{ID: o.Key}, nil
}

// place is one among those that wait for the executor. What takes back waits
// behind nobody.
func (p performer) place(o bot.StageOrder) (leave func(), err error) {
	if p.kind == (bot.AbortStage{}).Kind() {
		return func() {}, nil
	}
	return p.set.enter(o.Executor.String())
}

// starter starts; a start is an order.
type starter struct{ performer }

// Confirm tells whether a start took place. Who cannot be reached is an error,
// and the question is put again later; it never counts as "not done".
func (s starter) Confirm(ctx context.Context, order bot.Order) (bot.Receipt, bool, error) {
	x, o, err := s.set.find(s.kind, order)
	if err != nil {
		return bot.Receipt{}, false, err
	}
	leave, err := s.set.enter(o.Executor.String())
	if err != nil {
		return bot.Receipt{}, false, err
	}
	defer leave()
	found, err := x.Find(ctx, o)
	if err != nil || !found {
		return bot.Receipt{}, false, err
	}
	return bot.Receipt{ID: o.Key}, true, nil
}

// find is the order of an effect of a kind, and who executes it.
func (s *Set) find(kind string, e bot.Effect) (Executor, bot.StageOrder, error) {
	var o bot.StageOrder
	switch e := e.(type) {
	case bot.StartStage:
		o = e.Order
	case bot.SetWeight:
		o = e.Order
	case bot.FinishStage:
		o = e.Order
	case bot.AbortStage:
		o = e.Order
	}
	if e == nil || e.Kind() != kind || o.Key == "" {
		return nil, o, permanent("perform %s: was given a %T without an order", kind, e)
	}
	x, err := s.of(o)
	return x, o, err
}
