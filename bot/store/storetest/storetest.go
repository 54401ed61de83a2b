// Package storetest is what any store must do. Each database runs Exercise; one
// that several processes have at once runs Shared, too.
package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Store is all that is asked of a store.
type Store interface {
	Now(context.Context) (time.Time, error)
	Hear(context.Context, bot.Letter) (bool, error)
	NextNew(context.Context) (bot.Letter, bool, error)
	Retrying(context.Context) (int, error)
	Tally(context.Context) ([]bot.Tally, error)
	Backlog(context.Context) (bot.Backlog, error)
	Sort(context.Context, bot.Letter) error
	ClaimLetter(context.Context, string, time.Duration) (bot.Letter, bool, error)
	RenewLetter(context.Context, bot.Letter, time.Duration) error
	RetryLetter(context.Context, bot.Letter, time.Time, string, bot.Event) error
	FailLetter(context.Context, bot.Letter, string, bot.Event) error
	Save(context.Context, bot.Letter, bot.Plan, bool) error
	ClaimTask(context.Context, string, []string, time.Duration) (bot.Task, bool, error)
	RenewTask(context.Context, bot.Task, time.Duration) error
	FinishTask(context.Context, bot.Task, bot.Event) error
	RetryTask(context.Context, bot.Task, time.Time, string) (bool, error)
	WriteAgain(context.Context, bot.Task) error
	Receipt(context.Context, string, string) (bot.Receipt, string, bool, error)
	NextDue(context.Context) (time.Time, bool, error)
	Doc(context.Context, string, interface{ SetVersion(int) }) (bool, error)
	Keys(context.Context, string) ([]string, error)
	Holder(context.Context, string) (string, error)
	Held(ctx context.Context, prefix string, next func() interface{ SetVersion(int) }) error
	Facts(context.Context, bot.FactQuery) ([]bot.Fact, error)
	VerifyLedger(context.Context) error
	TasksOf(ctx context.Context, kind, key string, limit int) ([]bot.Task, error)
	Letter(ctx context.Context, id string) (bot.Letter, bool, error)
	Known(ctx context.Context, ids []string) (map[string]bool, error)
	Letters(ctx context.Context, state string, limit int) ([]bot.Letter, error)
	LettersBefore(ctx context.Context, state string, before int64, limit int) ([]bot.Letter, error)
	TasksBefore(ctx context.Context, state string, before int64, limit int) ([]bot.Task, error)
	TryLetter(ctx context.Context, l bot.Letter, f bot.Fact) (bool, error)
	TryTask(ctx context.Context, t bot.Task, f bot.Fact) (bool, error)
	Decide(ctx context.Context, t bot.Task, said string, f bot.Fact) (bool, error)
	Forget(ctx context.Context, before time.Time, most int) (int, error)
}

// Clock is a clock that stands until it is set forward.
type Clock struct{ At time.Time }

func newClock() *Clock { return &Clock{At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time { return c.At }

// Pass sets the clock forward.
func (c *Clock) Pass(d time.Duration) { c.At = c.At.Add(d) }

const lease = 30 * time.Second

var repo = bot.RepoRef{Installation: 7, ID: 42, Name: "acme/shop"}

// Exercise runs every test on a new store each.
func Exercise(t *testing.T, open func(t *testing.T, c *Clock) Store) {
	for _, tc := range []struct {
		name string
		test func(*testing.T, *bench)
	}{
		{"a repeat is dropped", repeat},
		{"a body comes back as it came", bodies},
		{"what is heard at once is stored, each once", crowd},
		{"of repeats heard at once one is news", repeats},
		{"a subject is handled in order, one at a time", order},
		{"a letter that waits to be tried again holds its subject up", holdsUp},
		{"whoever stands behind it waits as long as it does", lineWaits},
		{"a timer is in its subject's line when it rings", lineGoesOn},
		{"what somebody had who is gone is taken up before what waits", goneFirst},
		{"what is told of a letter that waits or is given up is heard once", told},
		{"a letter whose lease ran out is taken up again, and the first owner cannot save", fenced},
		{"a lease that is renewed is not taken over, and one that was lost is not renewed", renewed},
		{"when the clock is set back a lease lasts no longer than one", setBackLeases},
		{"nor does anything else that waits", setBackWaits},
		{"nor what took the place of something", setBackPlaces},
		{"nor what was set, or put back, besides", setBackSet},
		{"and a line keeps its order", lineSetBack},
		{"a timer rings when it is due, and the newest of an id counts", timers},
		{"what a plan fetched is heard with it, and once", fetched},
		{"a document saved meanwhile is a conflict, and nothing is saved", conflict},
		{"a plan that rests on a document which changed meanwhile is a conflict", restsOn},
		{"a claim has one holder and passes in one transaction", claims},
		{"what holds claims is read at once", held},
		{"the newest effect of a key wins", newest},
		{"what is held takes no place", heldBesides},
		{"what gives way after it was tried is looked for first", retold},
		{"what was overtaken while it was tried is not tried again", overtaken},
		{"what an older one may have come after is written again", writtenAgain},
		{"what a later state followed is not done again", laterState},
		{"of what was shown late the last state is shown again", lastState},
		{"what an older one may have written over what cannot be written is not known", forgottenWrite},
		{"an order is asked for once, for ever", orders},
		{"effects of a group keep their order", groups},
		{"the newest takes the place of the oldest", inItsPlace},
		{"and its tries, until it is written", itsTries},
		{"but some it has of its own", ownTries},
		{"what is urgent is carried out first, what is cosmetic last", pressing},
		{"an effect that somebody had who is gone is taken up before what waits and is no more pressing", goneEffectFirst},
		{"going back does not queue behind what it undoes", replaces},
		{"nor what was being tried when going back was asked for", replacesTried},
		{"an effect whose lease ran out is known as such", lapsed},
		{"a server that observes holds what nobody asked for", observes},
		{"the ledger is chained", ledger},
		{"the effects of one kind and key are listed, newest first", tasksOf},
		{"deliveries are counted by source and state", tally},
		{"how far behind we are is known", behind},
		{"deliveries in a state are listed, newest first", letters},
		{"what is listed is listed page by page", paged},
		{"a delivery is tried again when the operator says so, once a word", tryLetter},
		{"so is one that could not be opened", tryUnopened},
		{"and an effect, unless there is a newer one", tryTask},
		{"an order in doubt is decided about, once", decide},
		{"what is long over is forgotten, but that it came", forgets},
		{"what was written is forgotten, but that it was", forgetsEffects},
		{"what is due next is known", due},
		{"what stands behind another is not due before it", dueBehind},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newClock()
			tc.test(t, &bench{T: t, Store: open(t, c), clock: c})
		})
	}
}

// bench is a store under test with short words for what tests do.
type bench struct {
	*testing.T
	Store
	clock *Clock

	pressed int // facts of the operator
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// conflicts checks that nothing of what somebody tried, each named by what it
// would have done, came to be.
func (b *bench) conflicts(who string, all map[string]error) {
	b.Helper()
	for what, err := range all {
		if !errors.Is(err, bot.ErrConflict) {
			b.Errorf("%s %s: %v", who, what, err)
		}
	}
}

// retry puts an effect back; again is whether it is to be tried again.
func (b *bench) retry(t bot.Task, at time.Time, again bool) {
	b.Helper()
	got, err := b.RetryTask(b.Context(), t, at, "502")
	if b.must(err); got != again {
		b.Errorf("%s %s is tried again: %v", t.Kind, t.Key, got)
	}
}

// putBack is how putting an effect back fails.
func putBack(ctx context.Context, s Store, t bot.Task, at time.Time) error {
	_, err := s.RetryTask(ctx, t, at, "502")
	return err
}

// hear stores and sorts a delivery of a subject.
func (b *bench) hear(id string, number int) {
	b.Helper()
	_, err := b.Hear(b.Context(), bot.Letter{ID: id, Source: "test", Name: "x", Body: []byte(id)})
	b.must(err)
	l, ok, err := b.NextNew(b.Context())
	b.must(err)
	if !ok || l.ID != id {
		b.Fatalf("the new letter is %v, want %s", l.ID, id)
	}
	b.sort(l, number)
	b.clock.Pass(time.Millisecond)
}

// sort puts a letter in the line of a subject.
func (b *bench) sort(l bot.Letter, number int) {
	b.Helper()
	event := bot.JudgeDue{Ref: bot.ChangeRef{Repo: repo, Number: number}, Why: l.ID}
	var err error
	l.Kind, l.Event, err = bot.EncodeEvent(event)
	b.must(err)
	l.Subject, l.State = event.Subject(), bot.LetterReady
	b.must(b.Sort(b.Context(), l))
}

// take claims the next letter and checks which one it is; "" is none.
func (b *bench) take(owner, want string) bot.Letter {
	b.Helper()
	l, ok, err := b.ClaimLetter(b.Context(), owner, lease)
	b.must(err)
	if got := l.ID; ok != (want != "") || got != want {
		b.Fatalf("%s takes %q, want %q", owner, got, want)
	}
	return l
}

func (b *bench) save(l bot.Letter, p bot.Plan) {
	b.Helper()
	b.must(b.Save(b.Context(), l, p, false))
}

// plan saves a plan under a letter of its own.
func (b *bench) plan(id string, p bot.Plan) {
	b.Helper()
	b.hear(id, len(id)+int(b.clock.At.UnixMilli()%100000))
	b.save(b.take("me", id), p)
}

// perform claims the next effect and checks which key it has; "" is none.
func (b *bench) perform(owner, want string) bot.Task {
	b.Helper()
	kinds := []string{"check", "comment", "reaction", "stage.start", "stage.weight", "stage.abort", "message", "deployment", "whisper"}
	task, ok, err := b.ClaimTask(b.Context(), owner, kinds, lease)
	b.must(err)
	if ok != (want != "") || task.Key != want {
		b.Fatalf("%s performs %q, want %q", owner, task.Key, want)
	}
	return task
}

func (b *bench) finish(task bot.Task, state string) {
	b.Helper()
	task.State = state
	b.must(b.FinishTask(b.Context(), task, nil))
}

// note is a document with claims.
type note struct {
	bot.Version
	Key  string   `json:"key"`
	Text string   `json:"text"`
	Own  []string `json:"own"`
}

func (n note) DocKey() string   { return n.Key }
func (n note) Claims() []string { return n.Own }

func (b *bench) note(key string) note {
	b.Helper()
	n := note{Key: key}
	_, err := b.Doc(b.Context(), key, &n)
	b.must(err)
	return n
}
