package storetest

import (
	"math"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// once checks that the operator's word is done, is a fact, and that the same
// word again changes nothing.
func (b *bench) once(what string, press func() (bool, error)) {
	b.Helper()
	for _, want := range []bool{true, false} {
		done, err := press()
		b.must(err)
		facts, err := b.Facts(b.Context(), bot.FactQuery{Kinds: []string{"operator.tried_again", "operator.decided"}})
		b.must(err)
		last := facts[len(facts)-1]
		if done != want || last.By != bot.Operator || last.At.IsZero() {
			b.Errorf("%s: done %v, want %v; %+v", what, done, want, last)
		}
		if want {
			b.pressed++
		}
		if len(facts) != b.pressed {
			b.Errorf("%s: %d facts, want %d", what, len(facts), b.pressed)
		}
	}
}

func tryLetter(t *testing.T, b *bench) {
	b.hear("d1", 1)
	again := func(l bot.Letter) func() (bool, error) {
		return func() (bool, error) { return b.TryLetter(t.Context(), l, bot.PressedLetter(l)) }
	}
	is := func() bot.Letter {
		l, _, err := b.Letter(t.Context(), "d1")
		b.must(err)
		return l
	}
	if done, err := again(is())(); err != nil || done {
		t.Errorf("what is next anyway was tried: %v (%v)", done, err)
	}
	l := b.take("me", "d1")
	l.Tries = 19
	b.must(b.RetryLetter(t.Context(), l, b.clock.At.Add(time.Hour), "502", nil))
	b.take("me", "")
	stale := is()
	b.once("a delivery that waits", again(stale))
	l = b.take("me", "d1")
	if l.Tries != 19 {
		t.Errorf("it was tried %d times before", l.Tries)
	}
	b.must(b.FailLetter(t.Context(), l, "no", nil))
	if done, err := again(stale)(); err != nil || done {
		t.Errorf("a stale word was done: %v (%v)", done, err)
	}
	b.clock.Pass(time.Hour)
	b.once("a delivery that was given up", again(is()))
	l = b.take("me", "d1")
	if l.Tries != 0 || !l.Due.Equal(b.clock.At) {
		t.Errorf("it begins with %d tries, due %v", l.Tries, l.Due)
	}
	b.save(l, bot.Plan{})
}

// tryUnopened: what could not be opened is opened again.
func tryUnopened(t *testing.T, b *bench) {
	_, err := b.Hear(t.Context(), bot.Letter{ID: "d1", Source: "test", Name: "x", Body: []byte("{")})
	b.must(err)
	l, _, err := b.NextNew(t.Context())
	b.must(err)
	l.State, l.Kind, l.Event, l.Error = bot.LetterFailed, "unknown", []byte("{}"), "no JSON"
	b.must(b.Sort(t.Context(), l))
	b.once("an unopened delivery", func() (bool, error) { return b.TryLetter(t.Context(), l, bot.PressedLetter(l)) })
	if l, ok, err := b.NextNew(t.Context()); err != nil || !ok || string(l.Body) != "{" {
		t.Errorf("it is not opened again: %+v (%v)", l, err)
	}
}

func tryTask(t *testing.T, b *bench) {
	say := func(text string) bot.Plan {
		return bot.Plan{Effects: []bot.Effect{bot.KeepMessage{Channel: "#c", Place: "p", Repo: repo, Text: text}}}
	}
	newest := func() bot.Task {
		tasks, err := b.TasksOf(t.Context(), "message", "#c/p", 1)
		b.must(err)
		return tasks[0]
	}
	again := func(task bot.Task) func() (bool, error) {
		return func() (bool, error) { return b.TryTask(t.Context(), task, bot.PressedTask(task)) }
	}
	b.plan("p1", say("first"))
	b.retry(b.perform("me", "#c/p"), b.clock.At.Add(time.Hour), true)
	b.perform("me", "")
	b.once("an effect that waits", again(newest()))
	task := b.perform("me", "#c/p")
	task.Tries = 30
	b.finish(task, bot.TaskFailed)
	failed := newest()
	b.once("an effect that failed", again(failed))
	task = b.perform("me", "#c/p")
	if task.Attempts != 3 || task.Tries != 0 {
		t.Errorf("attempt %d after %d tries", task.Attempts, task.Tries)
	}
	b.finish(task, bot.TaskFailed)
	failed = newest()
	b.plan("p2", say("second"))
	if done, err := again(failed)(); err != nil || done {
		t.Errorf("what has a newer one was tried again: %v (%v)", done, err)
	}
	b.finish(b.perform("me", "#c/p"), bot.TaskDone)
	b.perform("me", "")
}

func decide(t *testing.T, b *bench) {
	b.plan("p1", bot.Plan{Effects: []bot.Effect{start}})
	b.finish(b.perform("me", start.Key()), bot.TaskDoubtful)
	get := func() bot.Task {
		tasks, err := b.TasksOf(t.Context(), start.Kind(), start.Key(), 1)
		b.must(err)
		return tasks[0]
	}
	task := get()
	if done, err := b.TryTask(t.Context(), task, bot.PressedTask(task)); err != nil || done {
		t.Errorf("an order in doubt was tried again: %v (%v)", done, err)
	}
	b.once("an order in doubt", func() (bool, error) {
		return b.Decide(t.Context(), task, "it took place", bot.Decided(task, "happened"))
	})
	if got := get(); got.State != bot.TaskDecided || got.Error != "it took place" {
		t.Errorf("it is %s: %s", got.State, got.Error)
	}
	b.perform("me", "")
	b.must(b.VerifyLedger(t.Context()))
}

// paged: what is older than a page's last row is on the next.
func paged(t *testing.T, b *bench) {
	for i, id := range []string{"d1", "d2", "d3"} {
		b.hear(id, i)
		b.save(b.take("me", id), bot.Plan{Effects: []bot.Effect{bot.KeepMessage{Channel: "#c", Place: id, Text: id}}})
	}
	got, before := "", int64(math.MaxInt64)
	for range 4 {
		letters, err := b.LettersBefore(t.Context(), bot.LetterDone, before, 1)
		b.must(err)
		for _, l := range letters {
			got, before = got+l.ID+" ", l.Seq
		}
	}
	before = math.MaxInt64
	for range 4 {
		tasks, err := b.TasksBefore(t.Context(), bot.TaskWaiting, before, 1)
		b.must(err)
		for _, task := range tasks {
			got, before = got+task.Key+" ", task.Seq
		}
	}
	if want := "d3 d2 d1 #c/d3 #c/d2 #c/d1 "; got != want {
		t.Errorf("page by page: %q, want %q", got, want)
	}
}
