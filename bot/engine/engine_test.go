package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/playground/memory"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

var repo = bot.RepoRef{Installation: 7, ID: 42, Name: "acme/shop"}

const keep = 30 * 24 * time.Hour

// world is an engine on a clock of its own, with a peer that does as told.
type world struct {
	lost atomic.Int32 // leases
	*testing.T
	options engine.Options
	engine  *engine.Engine
	store   books
	clock   *storetest.Clock
	seen    []string // deliveries as handlers saw them
	plan    func(bot.JudgeDue) (bot.Plan, error)
	peer    *peer
	during  func(context.Context) // while a delivery is handled
	tick    chan time.Time        // ends a wait before a lease is renewed
	leases  leasing
	ends    []string // how attempts ended, as observers were told
	log     bytes.Buffer
	over    []string // and deliveries that were opened or given up, and whether when
}

// peer performs checks and stage starts, and counts.
type peer struct {
	kind    string
	done    map[string]int
	fail    func(job bot.Job) error // before it acts
	lose    error                   // after it acted
	twice   string                  // why what it writes stands there twice
	confirm func(key string) (bool, error)
	during  func(context.Context) // before it acts
}

func (p *peer) Kind() string { return p.kind }

func (p *peer) Perform(ctx context.Context, job bot.Job) (bot.Receipt, error) {
	if p.during != nil {
		p.during(ctx)
	}
	if p.fail != nil {
		if err := p.fail(job); err != nil {
			return bot.Receipt{}, err
		}
	}
	p.done[job.Effect.Key()]++
	return bot.Receipt{ID: fmt.Sprint(p.done[job.Effect.Key()]), Twice: p.twice}, p.lose
}

// confirming peers can be asked.
type confirming struct{ *peer }

func (p confirming) Confirm(_ context.Context, o bot.Order) (bot.Receipt, bool, error) {
	did, err := p.confirm(o.OrderID())
	return bot.Receipt{}, did, err
}

// newWorld has a real database.
func newWorld(t *testing.T, kind string, canConfirm bool) *world {
	return newWorldOn(t, opened(t), kind, canConfirm)
}

// newLongWorld has one in memory, for what takes hours or days and a thousand steps.
func newLongWorld(t *testing.T, kind string, canConfirm bool) *world {
	return newWorldOn(t, func(clock func() time.Time) books { return memory.New(clock) }, kind, canConfirm)
}

func newWorldOn(t *testing.T, open func(func() time.Time) books, kind string, canConfirm bool) *world {
	w := &world{T: t, clock: &storetest.Clock{At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, tick: make(chan time.Time)}
	s := open(w.clock.Now)
	w.store, w.peer = s, &peer{kind: kind, done: map[string]int{}}
	var performer engine.Performer = w.peer
	if canConfirm {
		performer = confirming{w.peer}
	}
	w.leases = leasing{s, make(chan error, 1), new(error), new(func(context.Context, bot.Task) error), new(error)}
	w.options = engine.Options{
		Store: w.leases, After: func(time.Duration) <-chan time.Time { return w.tick }, Owner: "test", Keep: keep, Grace: 50 * time.Millisecond, Strike: func(s string) string { return strings.ReplaceAll(s, "hunter2hunter2", "[secret]") },
		Log:     slog.New(slog.NewTextHandler(&w.log, nil)),
		Lanes:   []engine.Lane{{Name: "peer", Performers: []engine.Performer{performer}}},
		Openers: map[string]engine.Opener{"test": openTest},
		Handlers: []bot.Handler{
			bot.On("judge", func(ctx context.Context, d bot.Delivery[bot.JudgeDue]) (bot.Plan, error) {
				if w.during != nil {
					w.during(ctx)
				}
				w.seen = append(w.seen, d.Event.Why)
				return w.plan(d.Event)
			}),
			bot.On("settled", func(_ context.Context, d bot.Delivery[bot.StageSettled]) (bot.Plan, error) {
				w.seen = append(w.seen, fmt.Sprintf("settled %s %s", d.Event.Outcome, d.Event.Detail))
				return bot.Plan{}, nil
			}),
			bot.On("stuck", w.hearStuck),
		},
		Observers: []engine.Observer{func(ctx context.Context, job engine.Work) (context.Context, func(engine.Work)) {
			if job.What == engine.Losing {
				w.lost.Add(1)
			}
			return ctx, func(end engine.Work) {
				switch end.What {
				case engine.Performing:
					w.ends = append(w.ends, end.Task.State)
				case engine.Opening, engine.Abandoning:
					w.over = append(w.over, end.Letter.ID+" "+end.Letter.State+" "+fmt.Sprint(!end.Now.IsZero()))
				}
			}
		}},
	}
	w.engine = engine.New(w.options)
	return w
}

// leasing is a store that tells how each renewal of a lease ended, and whose
// renewals fail when fails says so.
type leasing struct {
	books
	renewed chan error
	fails   *error
	again   *func(context.Context, bot.Task) error // before something is put down to be written again
	ended   *error                                 // why it cannot be written down that an effect ended
}

func (l leasing) WriteAgain(ctx context.Context, task bot.Task) error {
	if before := *l.again; before != nil {
		if err := before(ctx, task); err != nil {
			return err
		}
	}
	return l.books.WriteAgain(ctx, task)
}

func (l leasing) FinishTask(ctx context.Context, task bot.Task, tell bot.Event) error {
	if *l.ended != nil {
		return *l.ended
	}
	return l.books.FinishTask(ctx, task, tell)
}

func (l leasing) RenewLetter(ctx context.Context, letter bot.Letter, lease time.Duration) error {
	return l.tell(l.books.RenewLetter(ctx, letter, lease))
}

func (l leasing) RenewTask(ctx context.Context, task bot.Task, lease time.Duration) error {
	return l.tell(l.books.RenewTask(ctx, task, lease))
}

func (l leasing) tell(err error) error {
	err = errors.Join(err, *l.fails)
	l.renewed <- err
	return err
}

// openTest reads letters like "3 why": change 3.
func openTest(l bot.Letter) (bot.Event, error) {
	if l.Name == "panic" {
		panic("poisoned")
	}
	e := bot.JudgeDue{Ref: bot.ChangeRef{Repo: repo}}
	if _, err := fmt.Sscan(string(l.Body), &e.Ref.Number, &e.Why); err != nil {
		return bot.Unknown{Source: "test", Why: err.Error()}, nil
	}
	return e, nil
}

func (w *world) hear(id, body string) { w.Helper(); w.hearAs("x", id, body) }

func (w *world) hearAs(name, id, body string) {
	w.Helper()
	if _, err := w.engine.Hear(w.Context(), "test", id, name, []byte(body)); err != nil {
		w.Fatal(err)
	}
	w.clock.Pass(time.Millisecond)
}

// work steps until nothing is left to do now.
func (w *world) work() {
	w.Helper()
	for range 1000 {
		worked, err := w.engine.Step(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		if !worked {
			return
		}
	}
	w.Fatal("it never comes to rest")
}

func (w *world) does(effects ...bot.Effect) {
	w.plan = func(bot.JudgeDue) (bot.Plan, error) { return bot.Plan{Effects: effects}, nil }
}

func (w *world) expect(what string, got, want any) {
	w.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		w.Errorf("%s = %v, want %v", what, got, want)
	}
}

var check = bot.SetCheck{Repo: repo, SHA: "abc", Name: "n", Title: "t"}

func TestThriceDeliveredIsOnceDone(t *testing.T) {
	w := newWorld(t, "check", false)
	w.does(check)
	for range 3 {
		w.hear("d1", "3 a")
	}
	w.work()
	w.hear("d1", "3 a")
	w.hear("d2", "3 b") // another delivery that wants the same content
	w.work()
	w.expect("handled", w.seen, "[a b]")
	w.expect("writes", w.peer.done[check.Key()], 1)
}

// "Waits" is written; "free" is written too, but nobody says so; "waits" again
// is no repetition of what was confirmed last, for "free" may stand there.
func TestWhatNobodyConfirmedIsWrittenAgain(t *testing.T) {
	w := newWorld(t, "check", false)
	free := check
	free.Title = "free"
	w.does(check)
	w.hear("d1", "3 a")
	w.work()
	w.does(free)
	w.peer.lose = errors.New("502")
	w.hear("d2", "3 b")
	w.work()
	w.does(check)
	w.peer.lose = nil
	w.hear("d3", "3 c")
	w.work()
	w.expect("writes", w.peer.done[check.Key()], 3)
}

func TestAskedToWaitIsHonoured(t *testing.T) {
	w := newWorld(t, "check", false)
	w.does(check)
	tries := 0
	w.peer.fail = func(bot.Job) error {
		if tries++; tries == 1 {
			return bot.RetryAfter{After: 5 * time.Minute, Err: errors.New("429")}
		}
		return nil
	}
	w.hear("d1", "3 a")
	w.work()
	w.clock.Pass(4 * time.Minute)
	w.work()
	w.expect("tries before the time", tries, 1)
	w.clock.Pass(time.Minute + time.Second)
	w.work()
	w.expect("writes", w.peer.done[check.Key()], 1)
}

func TestPermanentFailureIsToldWithoutSecrets(t *testing.T) {
	w := newWorld(t, "stage.start", true)
	w.does(start)
	w.peer.fail = func(bot.Job) error { return bot.Permanent{Err: errors.New("422 for hunter2hunter2")} }
	w.hear("d1", "3 a")
	w.work()
	w.expect("heard", w.seen, "[a settled failed 422 for [secret]]")
}

// What stands there twice since nobody lets us take it away is said once, and
// is no failure.
func TestWhatStandsThereTwiceIsSaid(t *testing.T) {
	w := newWorld(t, "check", false)
	w.does(check)
	w.peer.twice = "delete 7 for hunter2hunter2: 403"
	w.hear("d1", "3 a")
	w.hear("d2", "3 b")
	w.work()
	w.expect("writes", w.peer.done[check.Key()], 1)
	w.expect("times said", strings.Count(w.log.String(), `what it wrote stands there twice" kind=check key=7/42/abc/n error="delete 7 for [secret]: 403"`), 1)
	r, _, _, err := w.store.Receipt(t.Context(), check.Kind(), check.Key())
	if err != nil || r.Twice != "delete 7 for [secret]: 403" {
		t.Errorf("%+v is kept, %v", r, err)
	}
}

func TestPoisonIsLaidAsideAndTheSubjectGoesOn(t *testing.T) {
	w := newLongWorld(t, "check", false)
	w.plan = func(e bot.JudgeDue) (bot.Plan, error) {
		if e.Why == "bad" {
			panic("no such thing")
		}
		return bot.Plan{}, nil
	}
	w.hear("d1", "3 bad")
	w.hear("d2", "3 good")
	w.hear("d3", "garbage")
	for range 400 {
		w.work()
		w.clock.Pass(5 * time.Minute)
	}
	w.expect("the one behind it was handled", slices.Contains(w.seen, "good"), true)
	l, ok, err := w.store.Letter(t.Context(), "d1")
	if err != nil || !ok || l.State != bot.LetterFailed || !strings.Contains(l.Error, "no such thing") {
		t.Errorf("the poisonous letter is %s: %.60s (%v)", l.State, l.Error, err)
	}
	if l, _, _ := w.store.Letter(t.Context(), "d3"); l.State != bot.LetterIgnored {
		t.Errorf("the garbage is %s", l.State)
	}
	w.expect("told to observers", w.over, "[d1 ready false d2 ready false d3 ignored true d1 failed true]")
}

// A fault in opening is ours: the delivery is given up where people look, and
// the rest goes on.
func TestWhatCannotBeOpenedIsGivenUp(t *testing.T) {
	w := newWorld(t, "stage.start", false)
	w.plan = func(bot.JudgeDue) (bot.Plan, error) { return bot.Plan{}, nil }
	w.hearAs("panic", "d1", "3 a")
	w.hear("d2", "3 b")
	w.work()
	if l, _, err := w.store.Letter(t.Context(), "d1"); err != nil || l.State != bot.LetterFailed || !strings.Contains(l.Error, "panic: poisoned") {
		t.Errorf("the poisoned one is %s: %s (%v)", l.State, l.Error, err)
	}
	if l, _, _ := w.store.Letter(t.Context(), "d2"); l.State != bot.LetterDone {
		t.Errorf("the one after it is %s", l.State)
	}
}

func TestConflictIsHandledAgainFromTheStart(t *testing.T) {
	w := newWorld(t, "check", false)
	tries := 0
	w.plan = func(bot.JudgeDue) (bot.Plan, error) {
		if tries++; tries < 3 {
			return bot.Plan{}, fmt.Errorf("save: %w", bot.ErrConflict)
		}
		return bot.Plan{Effects: []bot.Effect{check}}, nil
	}
	w.hear("d1", "3 a")
	w.work()
	w.expect("tries", tries, 3)
	w.expect("writes", w.peer.done[check.Key()], 1)
}
