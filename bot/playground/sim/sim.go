// Package sim plays seeded histories: the real engine, handlers and adapters
// against the stand-ins, on a clock of its own, with several replicas that are
// killed, stall and lose answers, webhooks that are lost, doubled and late, and
// people who act at the worst time. After each the world must be as it should.
//
//   - script.go   what happens in a history: acts and faults, one a line
//   - write.go    a script from a seed; plots.go what people are about
//   - write_twice.go and one fault on top of another
//   - jump.go     the database's clock shows another time
//   - act.go      acts carried out; post.go webhooks on their way
//   - replica.go  a bot, stopped between any two of its steps
//   - doors.go    its ways to the database; line.go its ways to the world
//   - play.go     the stage, and take.go whose lines are which
//   - turn.go     who goes on next; trace.go what they did
//   - judge.go    what must hold
//   - shrink.go   a shorter script that still fails
//
// All chance comes from the seed and all time from the clock, and one thing
// happens at a time: a seed is the same history wherever it is played.
package sim

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/handlers"
)

// Store is the database that all replicas share.
type Store interface {
	engine.Store
	handlers.Store
	playground.Books
	TasksOf(ctx context.Context, kind, key string, limit int) ([]bot.Task, error)
	Letters(ctx context.Context, state string, limit int) ([]bot.Letter, error)
	LettersBefore(ctx context.Context, state string, before int64, limit int) ([]bot.Letter, error)
	TasksBefore(ctx context.Context, state string, before int64, limit int) ([]bot.Task, error)
	TryLetter(ctx context.Context, l bot.Letter, f bot.Fact) (bool, error)
	TryTask(ctx context.Context, t bot.Task, f bot.Fact) (bool, error)
	Decide(ctx context.Context, t bot.Task, said string, f bot.Fact) (bool, error)
	Ping(ctx context.Context) error
	Tally(ctx context.Context) ([]bot.Tally, error)
	Backlog(ctx context.Context) (bot.Backlog, error)
}

// Bot is one replica, put together: stepped from outside, and reached by its
// hooks. It must not renew its leases: that is done for it, since it is done
// beside its work, by a clock that does not move here.
type Bot struct {
	Start func(context.Context) error // asks for what came while nobody was there
	Step  func(context.Context) (bool, error)
	Hooks http.Handler
}

// Cast is who plays. They come from whoever knows everybody.
type Cast struct {
	// Open makes an empty database that goes by a clock.
	Open func(ctx context.Context, clock func() time.Time) (db Store, closing func() error, err error)
	// Bot puts a replica together. What it asks of the world goes over the line.
	Bot func(w *playground.World, db Store, owner string, line http.RoundTripper) (Bot, error)
	// Harm and HarmLine break a promise of each replica's database or of its line
	// to the world, so that it is seen whether anybody notices; nil: all promises
	// are kept. What they remember is the replica's own, and gone with it.
	Harm     func(Store) Store
	HarmLine func(http.RoundTripper) http.RoundTripper
}

// Result of a history.
type Result struct {
	Script Script
	Wrong  []string // what did not hold; empty: all did
	Hash   uint64   // of the trace
	Trace  []string // kept when it was asked for
	Steps  int      // of all replicas
	Counts map[string]int
}

// Replicas share the work of a history.
const replicas = 2

// key signs for the app. One serves all histories: to make one takes longer than
// to play some. It is short, since nobody is to be kept out and a real one takes
// six times as long to sign.
var key = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 1024) })

// Play plays a script. Its error is one of the stage; what did not hold is in
// the result.
func (c Cast) Play(ctx context.Context, s Script, traced bool) (Result, error) {
	p, err := c.stage(ctx, s, traced)
	if err != nil {
		return Result{}, err
	}
	defer p.clear()
	if err := p.run(); err != nil {
		return Result{}, err
	}
	wrong, err := p.judge()
	return Result{Script: s, Wrong: wrong, Hash: p.trace.sum(), Trace: p.trace.lines, Steps: p.steps, Counts: p.counts}, err
}
