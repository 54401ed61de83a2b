// Package engine is the machinery between the world and the handlers: it
// hears deliveries, handles them in the order of their subject, saves each
// plan in one transaction and performs the effects, each as often as it takes
// and to the effect of once.
//
//   - hear.go     a delivery is stored, once, before it is acknowledged
//   - sort.go     it is opened and put in its subject's line
//   - handle.go   handlers decide; their plan is saved
//   - stuck.go    what waits long or is given up is told, as an event
//   - perform.go  effects are carried out, retried, confirmed after a crash
//   - owed.go     what was done under a lost lease is written again
//   - lease.go    the lease is renewed while work goes on
//   - hand_over.go when the process ends, what is in hand is finished or put back
//   - retry.go    when to try again and when to give up (pure)
//   - deadly.go   what ends the process each time is laid aside
//   - tidy.go     what is long over is forgotten, and no line stands still
//   - observe.go those who look on are told, for metrics and traces
//   - run.go      the loops of a server; Step for those who bring a clock
//
// The engine has no clock: time comes from the store.
package engine

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Store is what the engine asks of a database. All times are the store's.
type Store interface {
	Now(context.Context) (time.Time, error)
	Hear(context.Context, bot.Letter) (fresh bool, err error)
	NextNew(context.Context) (bot.Letter, bool, error)
	Sort(context.Context, bot.Letter) error
	ClaimLetter(ctx context.Context, owner string, lease time.Duration) (bot.Letter, bool, error)
	RenewLetter(ctx context.Context, l bot.Letter, lease time.Duration) error
	RetryLetter(ctx context.Context, l bot.Letter, at time.Time, why string, tell bot.Event) error
	FailLetter(ctx context.Context, l bot.Letter, why string, tell bot.Event) error
	Save(ctx context.Context, l bot.Letter, p bot.Plan, observe bool) error
	ClaimTask(ctx context.Context, owner string, kinds []string, lease time.Duration) (bot.Task, bool, error)
	RenewTask(ctx context.Context, t bot.Task, lease time.Duration) error
	FinishTask(ctx context.Context, t bot.Task, tell bot.Event) error
	RetryTask(ctx context.Context, t bot.Task, at time.Time, why string) (again bool, err error)
	WriteAgain(ctx context.Context, t bot.Task) error
	Receipt(ctx context.Context, kind, key string) (bot.Receipt, string, bool, error)
	NextDue(context.Context) (time.Time, bool, error)
	Forget(ctx context.Context, before time.Time, most int) (int, error)
	// LineUp settles who is first in each line of which that is not known, and
	// answers how many these were.
	LineUp(ctx context.Context) (int, error)
	// Listen calls stir whenever somebody else says that something may be
	// ready, until ctx ends or that is no longer heard.
	Listen(ctx context.Context, stir func()) error
}

// Opener makes an event of a delivery as it reached us. What it cannot
// understand it returns as bot.Unknown; an error is a fault of ours.
type Opener func(bot.Letter) (bot.Event, error)

// Performer carries out one kind of effect. Performing the same again must be
// harmless.
type Performer interface {
	Kind() string
	Perform(context.Context, bot.Job) (bot.Receipt, error)
}

// Confirmer can tell whether an order that was interrupted took place. If even
// it cannot, it returns bot.Doubtful, or bot.Permanent, and a person is asked;
// after any other error the question is put again.
type Confirmer interface {
	Confirm(context.Context, bot.Order) (bot.Receipt, bool, error)
}

// Lane is a group of performers that wait for one peer: a slow Slack must not
// delay GitHub.
type Lane struct {
	Name       string
	Loops      int // of them a process runs so many; 2 when 0
	Performers []Performer
}

// Options of New.
type Options struct {
	Store    Store
	Handlers []bot.Handler
	Openers  map[string]Opener // by source: "github", "slack"
	Lanes    []Lane
	Observe  bool          // hold what nobody asked for
	Owner    string        // names this process in leases
	Keep     time.Duration // what a delivery or an effect held is kept for so long after it was done; 0: for ever
	Log      *slog.Logger
	// Watch, when set, is told of each effect that ended and of how.
	Watch func(bot.Task, bot.Effect)
	// Observers are told of the work as it is done.
	Observers []Observer
	// After is how an idle loop waits before it looks again; time.After when
	// nil. Who brings a clock that runs faster brings its waits as well.
	After func(time.Duration) <-chan time.Time
	// Lease is how long work is taken for, by the store's clock; 15 s when 0.
	// It is renewed each third of it that After waits for.
	Lease time.Duration
	// Grace is how long what is in hand may go on after Run was told to end;
	// Grace when 0.
	Grace time.Duration
	// Strike strikes secrets out of errors before they are stored, logged or
	// told to observers; nil: there are none.
	Strike func(string) string
}

// Engine does the work of one process.
type Engine struct {
	o     Options
	sort  sync.Mutex    // letters are opened in the order in which they came
	stir  chan struct{} // something may be ready
	lanes map[string][]string
	by    map[string]Performer
	owed  owed
}

// New makes an engine; Run or Step make it work.
func New(o Options) *Engine {
	e := &Engine{o: o, stir: make(chan struct{}, 1), lanes: map[string][]string{}, by: map[string]Performer{}, owed: owed{came: make(chan struct{}, 1)}}
	for _, l := range o.Lanes {
		for _, p := range l.Performers {
			e.by[p.Kind()] = p
			e.lanes[l.Name] = append(e.lanes[l.Name], p.Kind())
		}
	}
	if e.o.After == nil {
		e.o.After = time.After
	}
	if e.o.Lease == 0 {
		e.o.Lease = usualLease
	}
	if e.o.Grace == 0 {
		e.o.Grace = Grace
	}
	if e.o.Log == nil {
		e.o.Log = slog.New(slog.DiscardHandler)
	}
	return e
}
