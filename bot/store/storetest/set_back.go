package storetest

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// setBackLeases: nobody dead keeps work for longer than a lease, and whoever
// lives keeps it.
func setBackLeases(t *testing.T, b *bench) {
	b.plan("p1", bot.Plan{Effects: []bot.Effect{start}})
	b.hear("a1", 1)
	b.hear("b1", 2)
	dead, lives, task := b.take("dead", "a1"), b.take("lives", "b1"), b.perform("dead", "slot/1")
	b.clock.Pass(-time.Hour)
	b.take("other", "")
	b.perform("other", "")
	b.clock.Pass(lease)
	b.must(b.RenewLetter(t.Context(), lives, lease))
	b.take("other", "")
	b.clock.Pass(time.Second)
	b.take("other", "a1")
	b.take("other", "")
	b.perform("other", "slot/1")
	b.conflicts("whoever is dead", map[string]error{
		"renewed a letter": b.RenewLetter(t.Context(), dead, lease), "renewed an effect": b.RenewTask(t.Context(), task, lease),
	})
	b.save(lives, bot.Plan{})
}

// setBackWaits: what waits does so as long as it was to wait, and what has come
// is worked on, in its order.
func setBackWaits(t *testing.T, b *bench) {
	said := bot.KeepMessage{Channel: "#c", Place: "p", Text: "said"}
	b.hear("tried", 1)
	b.must(b.RetryLetter(t.Context(), b.take("me", "tried"), b.clock.At.Add(time.Minute), "502", nil))
	b.plan("p1", bot.Plan{Effects: []bot.Effect{start}})
	b.retry(b.perform("me", "slot/1"), b.clock.At.Add(2*time.Minute), true)
	b.plan("p2", bot.Plan{Effects: []bot.Effect{said}, Timers: []bot.Timer{
		{ID: "lasts", At: b.clock.At.Add(3 * time.Minute), Event: bot.JudgeDue{Ref: bot.ChangeRef{Repo: repo, Number: 9}}},
		{ID: "at nine", At: b.clock.At.Add(time.Minute), Event: bot.ScheduleDue{Name: "weekly", Repo: repo}},
	}})
	nine := b.clock.At.Add(time.Minute)
	b.hear("first", 3)
	b.hear("then", 3)
	b.clock.Pass(-time.Hour)
	b.save(b.take("me", "first"), bot.Plan{})
	b.save(b.take("me", "then"), bot.Plan{})
	b.finish(b.perform("me", "#c/p"), bot.TaskDone)
	b.take("me", "")
	b.clock.Pass(time.Minute + time.Second)
	b.save(b.take("me", "tried"), bot.Plan{})
	b.perform("me", "")
	b.clock.Pass(time.Minute)
	b.finish(b.perform("me", "slot/1"), bot.TaskDone)
	b.take("me", "")
	b.clock.Pass(time.Minute)
	b.save(b.take("me", "timer/lasts"), bot.Plan{})
	b.take("me", "")
	b.clock.Pass(nine.Sub(b.clock.At) - time.Second)
	b.take("me", "")
	b.clock.Pass(time.Second)
	b.take("me", "timer/at nine")
}

// setBackPlaces: nor what took the place of something that was asked for before the
// moment to which the clock is set back, and what stands behind it.
func setBackPlaces(_ *testing.T, b *bench) {
	for channel, tried := range map[string]bool{"#waits": false, "#fails": true} {
		say := bot.Plan{Effects: []bot.Effect{
			bot.KeepMessage{Channel: channel, Place: "p"}, bot.KeepMessage{Channel: channel, Place: "p/1", Thread: "p"},
		}}
		b.plan("old/"+channel, say)
		var old bot.Task
		if tried {
			old = b.perform("me", channel+"/p")
		}
		b.clock.Pass(time.Hour)
		b.plan("new/"+channel, say)
		if tried {
			b.retry(old, b.clock.At.Add(time.Minute), false)
		}
		b.clock.Pass(-30 * time.Minute)
		b.finish(b.perform("me", channel+"/p"), bot.TaskDone)
		b.finish(b.perform("me", channel+"/p/1"), bot.TaskDone)
	}
}

// setBackSet: nor what was set, or put back, after that moment and came before it.
func setBackSet(t *testing.T, b *bench) {
	ctx := t.Context()
	failed, written := bot.KeepMessage{Channel: "#c", Place: "p"}, bot.KeepMessage{Channel: "#d", Place: "p"}
	p := ring("rings", 1, b.clock.At.Add(time.Hour))
	p.Timers = append(p.Timers, ring("moved", 2, b.clock.At.Add(3*time.Hour)).Timers...)
	p.Effects = []bot.Effect{failed, written}
	b.plan("p1", p)
	b.finish(b.perform("me", failed.Key()), bot.TaskFailed)
	old := b.perform("me", written.Key())
	b.finish(old, bot.TaskDone)
	b.hear("given-up", 3)
	b.must(b.FailLetter(ctx, b.take("me", "given-up"), "no", nil))
	_, err := b.Hear(ctx, bot.Letter{ID: "unopened", Source: "test", Name: "x", Body: []byte("{")})
	b.must(err)
	l, _, err := b.NextNew(ctx)
	b.must(err)
	l.State, l.Kind, l.Event = bot.LetterFailed, "unknown", []byte("{}")
	b.must(b.Sort(ctx, l))

	b.clock.Pass(time.Hour + time.Minute)
	b.must(b.RetryLetter(ctx, b.take("me", "timer/rings"), b.clock.At.Add(10*time.Minute), "502", nil))
	b.plan("p2", ring("moved", 2, b.clock.At.Add(5*time.Minute)))
	b.presses("given-up", "unopened")
	tasks, err := b.TasksOf(ctx, failed.Kind(), failed.Key(), 1)
	b.must(err)
	if done, err := b.TryTask(ctx, tasks[0], bot.PressedTask(tasks[0])); err != nil || !done {
		t.Errorf("an effect that failed was not tried again (%v)", err)
	}
	b.must(b.WriteAgain(ctx, old))

	b.clock.Pass(-30 * time.Minute)
	b.save(b.take("me", "given-up"), bot.Plan{})
	l, _, err = b.NextNew(ctx)
	b.must(err)
	b.sort(l, 4)
	b.save(b.take("me", "unopened"), bot.Plan{})
	b.take("me", "")
	b.clock.Pass(lease + time.Second)
	b.finish(b.perform("me", failed.Key()), bot.TaskDone)
	b.finish(b.perform("me", written.Key()), bot.TaskDone)
	b.take("me", "")
	b.clock.Pass(5 * time.Minute)
	b.save(b.take("me", "timer/moved"), bot.Plan{})
	b.take("me", "")
	b.clock.Pass(5 * time.Minute)
	b.save(b.take("me", "timer/rings"), bot.Plan{})
}

// presses has deliveries that were given up tried again.
func (b *bench) presses(ids ...string) {
	b.Helper()
	for _, id := range ids {
		l, _, err := b.Letter(b.Context(), id)
		b.must(err)
		if done, err := b.TryLetter(b.Context(), l, bot.PressedLetter(l)); err != nil || !done {
			b.Errorf("%s was not tried again (%v)", id, err)
		}
	}
}
