package handlers

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/store"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// between is a store that lets something else happen before its nth access.
type between struct {
	*store.Store
	n int
	f func()
}

func (b *between) pass() {
	if b.n--; b.n == 0 {
		b.f()
	}
}

func (b *between) Doc(ctx context.Context, key string, doc interface{ SetVersion(int) }) (bool, error) {
	b.pass()
	return b.Store.Doc(ctx, key, doc)
}

func (b *between) Keys(ctx context.Context, prefix string) ([]string, error) {
	b.pass()
	return b.Store.Keys(ctx, prefix)
}

func (b *between) Held(ctx context.Context, prefix string, next func() interface{ SetVersion(int) }) error {
	b.pass()
	return b.Store.Held(ctx, prefix, next)
}

func (b *between) Save(ctx context.Context, l bot.Letter, p bot.Plan, observe bool) error {
	b.pass()
	return b.Store.Save(ctx, l, p, observe)
}

// wall shows the effects of one kind.
type wall struct {
	kind  string
	shown map[string]bot.Effect
}

func (w wall) Kind() string { return w.kind }

func (w wall) Perform(_ context.Context, job bot.Job) (bot.Receipt, error) {
	w.shown[job.Effect.Key()] = job.Effect
	return bot.Receipt{ID: job.Effect.Key()}, nil
}

// office is two processes that work on one database.
type office struct {
	*testing.T
	ruled
	store      *between
	one, other *engine.Engine
	now        time.Time
	heard      int
	shown      map[string]bot.Effect
	asks       func(*Handlers) // says whom else the handlers ask; may be nil
}

func newOffice(t *testing.T) *office {
	o := &office{T: t, ruled: ruled{&branch{desk: newDesk(), t: t}}, now: teaTime, shown: map[string]bot.Effect{}}
	o.file, o.required, o.head = "block", []string{"unit"}, teaSHA(1)
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "t.db"), store.Options{Clock: func() time.Time { return o.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	o.store = &between{Store: s}
	o.one, o.other = o.engine("one", o.store, o.store), o.engine("other", s, s)
	return o
}

func (o *office) engine(owner string, s engine.Store, docs Store) *engine.Engine {
	h := o.handlers()
	h.Store = docs
	if o.asks != nil {
		o.asks(h)
	}
	return engine.New(engine.Options{
		Store: s, Owner: owner, Handlers: h.All(),
		Lanes:   []engine.Lane{{Name: "all", Performers: []engine.Performer{wall{"check", o.shown}, wall{"message", o.shown}}}},
		Openers: map[string]engine.Opener{"test": func(l bot.Letter) (bot.Event, error) { return bot.DecodeEvent(l.Name, l.Body) }},
	})
}

func (o *office) hear(e bot.Event) {
	o.Helper()
	o.now = o.now.Add(time.Second)
	o.heard++
	kind, body, err := bot.EncodeEvent(e)
	if err == nil {
		_, err = o.one.Hear(o.Context(), "test", fmt.Sprint(o.heard), kind, body)
	}
	if err != nil {
		o.Fatal(err)
	}
}

// work lets a process work until nothing is left.
func (o *office) work(e *engine.Engine) {
	o.Helper()
	for range 1000 {
		worked, err := e.Step(o.Context())
		if err != nil {
			o.Fatal(err)
		}
		if !worked {
			return
		}
	}
	o.Fatal("it never comes to rest")
}

func (o *office) hears(e ...bot.Event) {
	o.Helper()
	for _, e := range e {
		o.hear(e)
		o.work(o.one)
	}
}

func (o *office) unit(commit int, conclusion string) bot.CheckReported {
	o.heard++
	return bot.CheckReported{Repo: tea, Branch: "main", Run: bot.CheckRun{
		ID: int64(o.heard), Name: "unit", SHA: teaSHA(commit), Status: bot.Completed, Conclusion: conclusion,
		Started: teaTime.Add(time.Duration(o.heard) * time.Minute), Completed: teaTime.Add(time.Duration(o.heard)*time.Minute + time.Second),
	}}
}

// waits reports whether a commit is told to wait for main.
func (o *office) waits(commit int) bool {
	o.Helper()
	c, ok := o.shown[bot.SetCheck{Repo: tea, SHA: teaSHA(commit), Name: "roundtrip / main"}.Key()].(bot.SetCheck)
	if !ok {
		o.Errorf("nothing is shown on commit %d", commit)
	}
	return c.Status == bot.InProgress
}

// Whatever happens to main while a change is judged, and whenever a change
// comes while main's turn is noted: the change is not left with a verdict on a
// main that was. Each case is run with the second event at every look that the
// first takes at the store, and before each save.
func TestNobodyIsJudgedByAMainThatWas(t *testing.T) {
	red := func(o *office) { o.hears(o.unit(1, bot.Failure)) }
	green := func(o *office) { o.hears(o.unit(1, bot.Success)) }
	opens := func(o *office) bot.Event {
		return bot.ChangeUpdated{Action: "opened", Change: openChange(6, teaSHA(60))}
	}
	turns := func(conclusion string) func(*office) bot.Event {
		return func(o *office) bot.Event { return o.unit(1, conclusion) }
	}
	asks := func(mode policies.Mode) func(*office) bot.Event {
		return func(o *office) bot.Event {
			o.file = string(mode)
			return bot.Pushed{Repo: tea, Branch: "main", Default: true, Before: teaSHA(1), After: teaSHA(2), Paths: []string{ConfigPath}}
		}
	}
	mends := func(o *office) bot.Event {
		e := o.unit(60, bot.Success)
		e.Branch = "topic"
		return e
	}
	for name, c := range map[string]struct {
		before        func(*office)
		first, second func(*office) bot.Event
		waits         bool
	}{
		"main heals while a change is judged":          {red, opens, turns(bot.Success), false},
		"a change comes while main heals":              {red, turns(bot.Success), opens, false},
		"main breaks while a change is judged":         {green, opens, turns(bot.Failure), true},
		"a change comes while main breaks":             {green, turns(bot.Failure), opens, true},
		"the file lets go while a change is judged":    {red, opens, asks(policies.Warn), false},
		"the repair's check passes while it is judged": {red, opens, mends, false},
		"the repair comes while its check is noted":    {red, mends, opens, false},
		"a change comes while the file lets go":        {red, asks(policies.Warn), opens, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n, met := 1, true; met; n++ {
				o := newOffice(t)
				o.hears(bot.Pushed{Repo: tea, Branch: "main", Default: true, After: teaSHA(1)}, bot.ChangeUpdated{Action: "opened", Change: openChange(5, teaSHA(50))})
				c.before(o)
				met = false
				o.store.n, o.store.f = n, func() { met = true; o.hear(c.second(o)); o.work(o.other) }
				o.hears(c.first(o))
				if !met {
					o.hears(c.second(o))
				}
				if got := o.waits(60); got != c.waits {
					t.Errorf("before access %d: waits is %t", n, got)
				}
			}
		})
	}
}
