package main

import (
	"context"
	crand "crypto/rand"
	"crypto/rsa"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
)

// To play an hour again: go test ./cmd/roundtrip -run TestAnHourOfBreakingIt -hour-seed N -v
var hourSeed = flag.Uint64("hour-seed", 2, "seed of the hour in which all is broken; the same seed is the same work and the same faults")

// hour is a team at work for an hour of a clock of its own, while everything
// around the bot is broken and mended at random and the bot is killed.
type hour struct {
	t      *testing.T
	w      *playground.World
	clock  *playground.Clock
	file   string
	app    *app
	chance *rand.Rand
	lanes  func([]engine.Lane) []engine.Lane
	over   http.RoundTripper // carries the bot's requests; nil: the network
	off    time.Duration     // by how much the database's clock is wrong
	open   []int             // changes
	said   int
	killed int
	waited int // moments at which nothing was left to do
	red    bool
	broke  int // times that CI failed on main
	merges int
	thrown map[string]int
	held   map[string]bool // checks of changes that waited for a green main
}

// appKey is one for all worlds of a run: to make it takes longer than a world.
var appKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(crand.Reader, 2048) })

func newHour(t *testing.T, seed uint64) *hour {
	t.Helper()
	return newHourWith(t, seed, playground.StoryFile, nil)
}

// newHourWith is one of a repository with another file, and of a bot whose
// effects others perform.
func newHourWith(t *testing.T, seed uint64, file string, lanes func([]engine.Lane) []engine.Lane) *hour {
	t.Helper()
	h := &hour{t: t, lanes: lanes, clock: playground.NewClock(story.Began), file: filepath.Join(t.TempDir(), "hour.db"), chance: rand.New(rand.NewPCG(seed, seed)), thrown: map[string]int{}, held: map[string]bool{}}
	h.w = must[*playground.World](t)(playground.New(t.Context(), playground.Options{Clock: h.clock, Key: must[*rsa.PrivateKey](t)(appKey())}))
	t.Cleanup(h.w.Close)
	if err := h.w.Found(file); err != nil {
		t.Fatal(err)
	}
	h.w.GitHub.Seed(seed)
	h.w.SetTraffic(20)
	h.w.OnKill(func() error { h.killed++; h.leave(); h.begin(); return nil })
	h.begin()
	t.Cleanup(h.leave)
	return h
}

func (h *hour) begin() {
	h.app = must[*app](h.t)(openFor(context.Background(), h.w, "sqlite:"+h.file, around{
		clock: func() time.Time { return h.w.Now().Add(h.off) }, owner: fmt.Sprintf("hour-%d", h.killed), lanes: h.lanes, over: h.over, log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}))
	if err := h.app.takeUp(context.Background()); err != nil {
		h.t.Fatal(err)
	}
	h.w.SetBot(h.app.public)
	h.w.SetBooks(h.app.store)
}

func (h *hour) leave() {
	h.w.SetBot(nil)
	h.w.SetBooks(nil)
	_ = h.app.store.Close() // it is abandoned
}

// settle delivers and steps until nothing is left to do at this moment; with
// kill the bot may be killed between any two steps.
func (h *hour) settle(kill bool) {
	for range 20_000 {
		sent, _ := h.w.GitHub.Deliver(h.t.Context()) // what is not accepted is not answered for
		if kill && h.chance.IntN(120) == 0 {
			if err := h.w.Kill(); err != nil {
				h.t.Fatal(err)
			}
		}
		worked, err := h.app.engine.Step(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		if sent == 0 && !worked {
			h.waited++
			return
		}
	}
	h.t.Fatal("the bot does not come to rest")
}

// pass lets time pass, from one thing that is due to the next, and looks for
// webhooks at least so often.
func (h *hour) pass(d, often time.Duration, kill bool) {
	for end := h.clock.Now().Add(d); h.clock.Now().Before(end); {
		h.settle(kill)
		next := h.clock.Now().Add(often)
		if due, any, err := h.app.engine.Due(h.t.Context()); err == nil && any && due.Add(-h.off).Before(next) {
			next = due.Add(-h.off)
		}
		if least := h.clock.Now().Add(10 * time.Millisecond); next.Before(least) {
			next = least
		}
		if next.After(end) {
			next = end
		}
		h.w.Advance(next)
	}
	h.settle(kill)
}

// throw breaks or mends something.
func (h *hour) throw() {
	list := h.w.Breaks()
	b := list[h.chance.IntN(len(list))]
	h.thrown[b.Name]++
	if err := h.w.Break(b.Name, !b.On); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hour) mend() {
	for _, b := range h.w.Breaks() {
		if err := h.w.Break(b.Name, false); err != nil {
			h.t.Fatal(err)
		}
	}
}

// holds looks at the scoreboard; it answers what is broken.
func (h *hour) holds() (broken []string, quiet bool) {
	seen := must[playground.Seen](h.t)(h.w.Seen(h.t.Context()))
	h.see(seen)
	for _, i := range playground.Judge(seen) {
		for _, why := range i.Wrong {
			broken = append(broken, i.Name+": "+why)
		}
	}
	return broken, seen.Quiet
}

// unrest says what still moves.
func (h *hour) unrest() string {
	inbox, outbox, err := h.app.store.Count(h.t.Context())
	retrying, _ := h.app.store.Retrying(h.t.Context())
	due, _, _ := h.app.store.NextDue(h.t.Context())
	said := fmt.Sprintf("inbox %v, outbox %v, %d tried again, next due in %s (%v)", inbox, outbox, retrying, due.Sub(h.clock.Now()), err)
	for _, state := range []string{bot.TaskWaiting, bot.TaskPerforming} {
		for _, task := range must[[]bot.Task](h.t)(h.app.store.Tasks(h.t.Context(), state, 10)) {
			said += fmt.Sprintf("\n%s %s %s, due in %s, claimed %d times: %s", state, task.Kind, task.Key, task.Due.Sub(h.clock.Now()), task.Attempts, task.Error)
		}
	}
	return said
}

// TestAnHourOfBreakingIt: every minute somebody works and a switch is thrown,
// main breaks and is healed, the bot is killed between steps, and after each
// minute every invariant of the scoreboard holds. Then all is mended, and
// after an hour of calm and a little nothing is left on its way, nor is a webhook
// that was lost.
//
// The seed decides what is worked, which switch is thrown and the draws of the
// kills and the webhooks; the clock is the hour's own, for the bot too. The
// same seed is the same hour.
func TestAnHourOfBreakingIt(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("an hour takes a minute")
	}
	t.Logf("seed %d; to play it again: -hour-seed %d", *hourSeed, *hourSeed)
	h := newHour(t, *hourSeed)
	h.settle(false)
	calm := 0
	for minute := range 60 {
		h.throw()
		h.work(minute)
		h.pass(time.Minute, 10*time.Second, true) // late ones are late by 20 seconds
		broken, quiet := h.holds()
		if len(broken) > 0 {
			t.Fatalf("minute %d, with %v: %v", minute, on(h.w), broken)
		}
		if quiet {
			calm++
		}
	}
	h.mend()
	h.heal()
	h.pass(time.Hour+5*time.Minute, time.Minute, false) // what was lost is asked for at the full hour
	broken, quiet := h.holds()
	if len(broken) > 0 || !quiet {
		t.Fatalf("after the calm (at rest: %v; %s): %v", quiet, h.unrest(), broken)
	}
	h.enough(calm)
}

// enough checks that what the board watches over came to pass at all.
func (h *hour) enough(calm int) {
	seen := must[playground.Seen](h.t)(h.w.Seen(h.t.Context()))
	if !seen.MainGreen {
		h.t.Error("main was healed, and it is not green")
	}
	for _, b := range h.w.Breaks() {
		if h.thrown[b.Name] == 0 {
			h.t.Errorf("the switch %s was never thrown", b.Name)
		}
	}
	happened := map[string]int{
		"changes merged": h.merges, "times red": h.broke, "heads waited": len(h.held), "kills": h.killed, "minutes at rest": calm,
	}
	for _, d := range h.w.GitHub.Deliveries() {
		happened["webhooks lost"] += times(d.State == fakegithub.Dropped)
	}
	for _, c := range seen.Calls {
		happened["rollouts begun"] += times(c.Op == fakeprod.OpStart && c.Changed)
		happened["rollouts ended"] += times(c.Op == fakeprod.OpFinish && c.Changed)
	}
	for _, a := range seen.Accepted {
		happened["claims"] += times(a.Comment == "/main claim")
	}
	h.t.Log(happened)
	for what, n := range happened {
		if n == 0 {
			h.t.Errorf("no %s: the hour proves too little", what)
		}
	}
}

func times(is bool) int {
	if is {
		return 1
	}
	return 0
}

func on(w *playground.World) (names []string) {
	for _, b := range w.Breaks() {
		if b.On {
			names = append(names, b.Name)
		}
	}
	return names
}
