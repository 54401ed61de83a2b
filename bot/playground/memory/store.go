// Package memory is a store for simulations: all that bot/store promises, in
// this process's memory and in a tenth of the time or less. storetest.Exercise
// holds it to the promise, and simulated histories must go the same way on it
// and on SQLite.
//
//   - store.go  what is kept, and the clock
//   - inbox.go  deliveries and timers; claim.go whose turn it is
//   - save.go   a plan, all of it or nothing
//   - outbox.go effects; give_way.go which of them wins
//   - copy.go   documents, read once and copied
//   - look.go   documents, facts and lists, for handlers and pages
//   - press.go  what the operator says
//   - forget.go what is long over
//   - set_back.go nothing waits for a clock that was set back
package memory

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Store is a database in memory. It is safe for concurrent use.
type Store struct {
	mu       sync.Mutex
	clock    func() time.Time
	letters  []*letter // by sequence, from 1
	byID     map[string]*letter
	fresh    []*letter // not opened yet
	line     []*letter // ready or in hand
	tasks    []*task   // by sequence, from 1
	byKey    map[[2]string][]*task
	open     []*task // waiting or in hand
	receipts map[[2]string]receipt
	docs     map[string]doc
	holders  map[string]string // document by claim
	facts    []bot.Fact
	seen     time.Time // when work was looked for last
}

// letter is a row of the inbox.
type letter struct {
	bot.Letter
	retryAt, until, finished time.Time
}

// task is a row of the outbox.
type task struct {
	bot.Task
	until, finished time.Time
	again           bool // it is to be carried out once more after it
	priority        bot.Priority
	place           int64 // in the line of its group; 0: where it was asked for
}

// stands is where it does in the line of its group.
func (row *task) stands() int64 {
	if row.place > 0 {
		return row.place
	}
	return row.Seq
}

type receipt struct {
	bot.Receipt
	hash string
}

type doc struct {
	version int
	body    json.RawMessage
	read    read
}

// New makes an empty store that goes by a clock.
func New(clock func() time.Time) *Store {
	return &Store{
		clock: clock, byID: map[string]*letter{}, byKey: map[[2]string][]*task{}, receipts: map[[2]string]receipt{},
		docs: map[string]doc{}, holders: map[string]string{},
	}
}

// Now is the clock's moment.
func (s *Store) Now(context.Context) (time.Time, error) { return s.clock(), nil }

// now is what is written down: whole microseconds, as databases have them.
func (s *Store) now() time.Time { return micros(s.clock()) }

func micros(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(time.Microsecond)
}

// Ping always finds it.
func (s *Store) Ping(context.Context) error { return nil }

// Close ends nothing: what was saved stays for whoever looks at it still.
func (s *Store) Close() error { return nil }

// Listen hears nothing: whoever shares this store is stepped.
func (s *Store) Listen(ctx context.Context, _ func()) error {
	<-ctx.Done()
	return nil
}
