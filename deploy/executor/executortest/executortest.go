// Package executortest is what any executor must do. Each kind runs Exercise
// against a world of its own.
package executortest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
)

// What the world is like in which orders are given.
const (
	Environment = "production"
	Service     = "shop"
	Old         = bot.SHA("1111111111111111111111111111111111111111") // stable at first
	New         = bot.SHA("2222222222222222222222222222222222222222")
)

// World is what an executor moves, and how it can be made to misbehave.
type World interface {
	Settle()                // what starts has had the time to
	FailNext(why string)    // the next start fails, and says why
	Unavailable(n int)      // the next n requests are refused for now
	LoseAnswers(n int)      // the next n requests are done, and their answers lost
	Stable() bot.SHA        // what is stable
	Canary() (bot.SHA, int) // what is beside it, and its share of the traffic; "" and 0: nothing
	Started(key string) int // how often something was put in place for a key
}

// Reticent is a World that cannot carry a failure's reason; Says is what is
// told in its place.
type Reticent interface{ Says() string }

// bench is an executor under test, with short words for what tests do.
type bench struct {
	*testing.T
	executor.Executor
	World
}

// Exercise runs every test in a new world each.
func Exercise(t *testing.T, open func(t *testing.T) (executor.Executor, World)) {
	for _, tc := range []struct {
		name string
		test func(*bench)
	}{
		{"one start is one deployment, however often it is asked", startTwice},
		{"what was started is found, and nothing else", find},
		{"it is observed from running to placed, and nothing moves by looking", observe},
		{"a start that fails is observed as failed, with its reason", fails},
		{"traffic follows the weight", weights},
		{"a take-over that fails goes back whole", takeOverFails},
		{"a take-over aborted while it starts goes back whole", takeOverAborted},
		{"a take-over aborted before it was started takes the canary back", takeOverNever},
		{"finished: it is stable, for good", finish},
		{"aborted: all traffic is back, once and again", abort},
		{"aborted before it was in place: it never comes", abortEarly},
		{"what was never started is aborted already", abortNothing},
		{"what was never started cannot be moved", moveNothing},
		{"who was replaced moves nothing any more", fence},
		{"a lost answer is found out", lost},
		{"who is not available is asked again", unavailable},
		{"who is told to stop, stops", cancelled},
		{"many who start one thing start one thing", concurrent},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x, w := open(t)
			tc.test(&bench{t, x, w})
		})
	}
}

// Order is an order in the world: a canary of five percent.
func Order(number, fence int) bot.StageOrder {
	return bot.StageOrder{
		Key: fmt.Sprintf("7/42/shop/production/%d", number), Fence: fence, Executor: bot.ExecutorRef{Name: "deploy.yml"},
		Repo: bot.RepoRef{Installation: 7, ID: 42, Name: "acme/shop"}, Service: Service,
		Environment: Environment, Stage: "canary", SHA: New, StableSHA: Old, Weight: 5,
		Params: map[string]string{"size": "small"},
	}
}

func at(o bot.StageOrder, weight int) bot.StageOrder {
	o.Weight = weight
	return o
}

// ok fails the test when something could not be done.
func (b *bench) ok(what string, err error) {
	b.Helper()
	if err != nil {
		b.Fatalf("%s: %v", what, err)
	}
}

// never expects an error that says that trying again cannot help.
func (b *bench) never(what string, err error) {
	b.Helper()
	if !errors.As(err, &bot.Permanent{}) {
		b.Errorf("%s: %v, want a permanent error", what, err)
	}
}

// later expects an error after which it is tried again.
func (b *bench) later(what string, err error) {
	b.Helper()
	if err == nil || errors.As(err, &bot.Permanent{}) || errors.As(err, &bot.Doubtful{}) {
		b.Errorf("%s: %v, want an error that is tried again", what, err)
	}
}

// place starts an order and waits until it is in place.
func (b *bench) place(o bot.StageOrder) {
	b.Helper()
	b.ok("start", b.Start(b.Context(), o))
	b.Settle()
	b.sees(o, bot.StagePlaced, o.Weight)
}

func (b *bench) sees(o bot.StageOrder, state string, weight int) bot.Observation {
	b.Helper()
	got, err := b.Observe(b.Context(), o)
	b.ok("observe", err)
	if got.State != state || got.SHA != o.SHA || got.Weight != weight {
		b.Errorf("observed %+v, want %s of %s at %d %%", got, state, o.SHA.Short(), weight)
	}
	return got
}

// world expects what is stable and what is beside it.
func (b *bench) world(stable, canary bot.SHA, weight int) {
	b.Helper()
	sha, w := b.Canary()
	if b.Stable() != stable || sha != canary || w != weight {
		b.Errorf("stable is %s with %q at %d %% beside it, want %s with %q at %d %%", b.Stable(), sha, w, stable, canary, weight)
	}
}

func (b *bench) started(o bot.StageOrder, n int) {
	b.Helper()
	if got := b.Started(o.Key); got != n {
		b.Errorf("%s was started %d times, want %d", o.Key, got, n)
	}
}

func startTwice(b *bench) {
	o := Order(1, 1)
	b.ok("start", b.Start(b.Context(), o))
	b.ok("start while it starts", b.Start(b.Context(), o))
	b.Settle()
	b.ok("start when it is in place", b.Start(b.Context(), o))
	b.started(o, 1)
	b.world(Old, New, 5)
}

func find(b *bench) {
	o := Order(1, 1)
	for _, want := range []bool{false, true} {
		if found, err := b.Find(b.Context(), o); err != nil || found != want {
			b.Errorf("found %v, %v, want %v", found, err, want)
		}
		b.ok("start", b.Start(b.Context(), o))
	}
	if found, err := b.Find(b.Context(), Order(2, 2)); err != nil || found {
		b.Errorf("another key: found %v, %v", found, err)
	}
}

func observe(b *bench) {
	o := Order(1, 1)
	_, err := b.Observe(b.Context(), o)
	b.later("observe what was not started", err)
	b.ok("start", b.Start(b.Context(), o))
	b.sees(o, bot.StageRunning, 0)
	b.world(Old, "", 0)
	b.Settle()
	for range 3 {
		b.sees(o, bot.StagePlaced, 5)
	}
	b.world(Old, New, 5)
	b.started(o, 1)
}

func fails(b *bench) {
	o := Order(1, 1)
	b.FailNext("the image is missing")
	b.ok("start", b.Start(b.Context(), o))
	b.Settle()
	want := "the image is missing"
	if w, ok := b.World.(Reticent); ok {
		want = w.Says()
	}
	if got := b.sees(o, bot.StageFailed, 0); got.Message != want {
		b.Errorf("message %q, want %q", got.Message, want)
	}
	b.never("finish what failed", b.Finish(b.Context(), o))
	b.ok("abort what failed", b.Abort(b.Context(), o))
	b.world(Old, "", 0)
}

func weights(b *bench) {
	o := Order(1, 1)
	b.place(o)
	for _, w := range []int{25, 25, 50, 100, 5} {
		b.ok("set the weight", b.SetWeight(b.Context(), at(o, w)))
		b.sees(o, bot.StagePlaced, w)
		b.world(Old, New, w)
	}
	b.never("a weight of 101", b.SetWeight(b.Context(), at(o, 101)))
	b.world(Old, New, 5)
}

// taken is a canary in place, and the order that takes it over.
func (b *bench) taken() bot.StageOrder {
	b.Helper()
	canary, o := Order(1, 1), at(Order(2, 2), 100)
	b.place(canary)
	o.Stage, o.Over = "production", canary.Key
	return o
}

func takeOverFails(b *bench) {
	o := b.taken()
	b.FailNext("the disk is full")
	b.ok("start", b.Start(b.Context(), o))
	b.Settle()
	b.sees(o, bot.StageFailed, 0)
	b.goesBack(o)
}

func takeOverAborted(b *bench) {
	o := b.taken()
	b.ok("start", b.Start(b.Context(), o))
	b.goesBack(o)
}

func takeOverNever(b *bench) { b.goesBack(b.taken()) }

// goesBack aborts, once and again, and expects all the traffic on the old one.
func (b *bench) goesBack(o bot.StageOrder) {
	b.Helper()
	for range 2 {
		b.ok("abort", b.Abort(b.Context(), o))
		b.world(Old, "", 0)
	}
	b.Settle()
	b.world(Old, "", 0)
}

func finish(b *bench) {
	o := Order(1, 1)
	b.place(o)
	for range 2 {
		b.ok("finish", b.Finish(b.Context(), o))
		b.sees(o, bot.StageFinished, 100)
		b.world(New, "", 0)
	}
	b.never("abort what is finished", b.Abort(b.Context(), o))
	b.world(New, "", 0)
}

func abort(b *bench) {
	o := Order(1, 1)
	b.place(o)
	b.ok("set the weight", b.SetWeight(b.Context(), at(o, 50)))
	for range 2 {
		b.ok("abort", b.Abort(b.Context(), o))
		b.sees(o, bot.StageAborted, 0)
		b.world(Old, "", 0)
	}
	b.never("finish what is aborted", b.Finish(b.Context(), o))
	b.world(Old, "", 0)
}

func abortEarly(b *bench) {
	o := Order(1, 1)
	b.ok("start", b.Start(b.Context(), o))
	b.ok("abort", b.Abort(b.Context(), o))
	b.Settle()
	b.sees(o, bot.StageAborted, 0)
	b.world(Old, "", 0)
}

func abortNothing(b *bench) {
	o := Order(1, 1)
	b.ok("abort", b.Abort(b.Context(), o))
	b.started(o, 0)
	b.world(Old, "", 0)
}

func moveNothing(b *bench) {
	b.never("set the weight", b.SetWeight(b.Context(), Order(1, 1)))
	b.never("finish", b.Finish(b.Context(), Order(1, 1)))
	b.world(Old, "", 0)
}

func fence(b *bench) {
	first, second := Order(1, 1), Order(2, 2)
	b.place(first)
	b.place(second)
	b.never("an older weight", b.SetWeight(b.Context(), at(first, 50)))
	b.never("an older finish", b.Finish(b.Context(), first))
	b.never("an older abort", b.Abort(b.Context(), first))
	late := Order(3, 1)
	b.never("an older start", b.Start(b.Context(), late))
	b.Settle()
	b.started(late, 0)
	b.world(Old, New, 5)
	b.sees(second, bot.StagePlaced, 5)
}

// lost: an executor may find out by itself, or say that it does not know; then
// it is asked, and knows.
func lost(b *bench) {
	o := Order(1, 1)
	b.LoseAnswers(1)
	if err := b.Start(b.Context(), o); err != nil {
		b.later("start", err)
	}
	b.LoseAnswers(0)
	if found, err := b.Find(b.Context(), o); err != nil || !found {
		b.Errorf("found %v, %v", found, err)
	}
	b.ok("start again", b.Start(b.Context(), o))
	b.started(o, 1)
	b.Settle()
	for _, move := range []func(context.Context, bot.StageOrder) error{b.SetWeight, b.Finish} {
		b.LoseAnswers(1)
		if err := move(b.Context(), at(o, 50)); err != nil {
			b.later("move", err)
		}
		b.LoseAnswers(0)
	}
	b.ok("finish again", b.Finish(b.Context(), o))
	b.world(New, "", 0)
}

func unavailable(b *bench) {
	o, ctx := Order(1, 1), b.Context()
	ask := map[string]func() error{
		"start":   func() error { return b.Start(ctx, o) },
		"find":    func() error { found, err := b.Find(ctx, o); return orFalse(found, err) },
		"observe": func() error { _, err := b.Observe(ctx, o); return err },
		"weight":  func() error { return b.SetWeight(ctx, o) },
		"finish":  func() error { return b.Finish(ctx, o) },
		"abort":   func() error { return b.Abort(ctx, o) },
	}
	for verb, f := range ask {
		b.Unavailable(1)
		b.later(verb, f())
	}
	b.Unavailable(0)
	b.started(o, 0)
	b.place(o)
	b.started(o, 1)
}

// orFalse: an answer beside an error would be believed by the careless.
func orFalse(found bool, err error) error {
	if found {
		return bot.Doubtful{Err: errors.New("found, by who is not available")}
	}
	return err
}

func cancelled(b *bench) {
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	o := Order(1, 1)
	b.later("start", b.Start(ctx, o))
	_, err := b.Find(ctx, o)
	b.later("find", err)
	b.later("abort", b.Abort(ctx, o))
	b.started(o, 0)
}

func concurrent(b *bench) {
	o := Order(1, 1)
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { errs[i] = b.Start(b.Context(), o) })
	}
	all.Wait()
	b.ok("start", errors.Join(errs...))
	b.Settle()
	b.started(o, 1)
	b.world(Old, New, 5)
}
