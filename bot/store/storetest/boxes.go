package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func repeat(t *testing.T, b *bench) {
	b.hear("d1", 1)
	fresh, err := b.Hear(t.Context(), bot.Letter{ID: "d1", Source: "test", Name: "x", Body: []byte("again")})
	b.must(err)
	if fresh {
		t.Error("the same delivery id was stored twice")
	}
	b.save(b.take("me", "d1"), bot.Plan{})
	b.take("me", "")
}

func order(_ *testing.T, b *bench) {
	b.hear("a1", 1)
	b.hear("a2", 1)
	b.hear("b1", 2)
	first := b.take("me", "a1")
	b.take("you", "b1")
	b.take("they", "") // a2 waits for a1
	b.save(first, bot.Plan{})
	b.take("they", "a2")
}

func holdsUp(_ *testing.T, b *bench) {
	b.hear("a1", 1)
	b.hear("a2", 1)
	l := b.take("me", "a1")
	l.Tries = 7
	b.must(b.RetryLetter(b.Context(), l, b.clock.At.Add(time.Minute), "502", nil))
	b.take("me", "") // a2 may not overtake
	if n, err := b.Retrying(b.Context()); err != nil || n != 1 {
		b.Errorf("%d are tried again, not 1 (%v)", n, err)
	}
	b.clock.Pass(time.Minute)
	b.take("me", "a1")
	b.clock.Pass(lease + time.Second)
	l = b.take("you", "a1")
	if l.Attempts != 3 || l.Tries != 7 || l.Lapses != 1 {
		b.Errorf("%d attempts, %d tries, %d lapses", l.Attempts, l.Tries, l.Lapses)
	}
	b.must(b.FailLetter(b.Context(), l, "given up", nil))
	b.take("me", "a2")
}

func told(t *testing.T, b *bench) {
	b.hear("a1", 1)
	waits := bot.DeliveryStuck{Delivery: "a1", Who: "GitHub"}
	for range 2 {
		b.must(b.RetryLetter(b.Context(), b.take("me", "a1"), b.clock.At, "502", waits))
	}
	l := b.take("me", "a1")
	b.must(b.FailLetter(b.Context(), l, "502", bot.DeliveryStuck{Delivery: "a1", GivenUp: true}))
	if err := b.FailLetter(b.Context(), l, "502", bot.DeliveryStuck{Delivery: "lost"}); !errors.Is(err, bot.ErrConflict) {
		t.Errorf("a lost lease told of it: %v", err)
	}
	first := b.take("me", "stuck/a1")
	if first.Kind != "delivery.stuck" || first.Subject != "stuck/a1" {
		t.Errorf("heard %s of %s", first.Kind, first.Subject)
	}
	b.save(first, bot.Plan{})
	b.save(b.take("me", "given-up/a1"), bot.Plan{})
	b.take("me", "")
}

func fenced(t *testing.T, b *bench) {
	b.hear("a1", 1)
	slow := b.take("slow", "a1")
	b.take("other", "")
	b.clock.Pass(lease + time.Second)
	b.take("other", "a1")
	if err := b.Save(t.Context(), slow, bot.Plan{Docs: []bot.Doc{note{Key: "n"}}}, false); !errors.Is(err, bot.ErrConflict) {
		t.Errorf("a lost lease saved: %v", err)
	}
	if keys, _ := b.Keys(t.Context(), "n"); len(keys) != 0 {
		t.Error("half of the plan was saved")
	}
	b.clock.Pass(lease + time.Second)
	again := b.take("slow", "a1") // by another loop of the first owner, say
	b.conflicts("an earlier lease of the same owner", map[string]error{
		"saved":    b.Save(t.Context(), slow, bot.Plan{}, false),
		"put back": b.RetryLetter(t.Context(), slow, b.clock.At, "502", nil),
	})
	b.save(again, bot.Plan{})
}

func timers(_ *testing.T, b *bench) {
	ring := func(id, why string, in time.Duration) bot.Timer {
		return bot.Timer{ID: id, At: b.clock.At.Add(in), Event: bot.JudgeDue{Ref: bot.ChangeRef{Repo: repo, Number: 9}, Why: why}}
	}
	b.plan("p1", bot.Plan{Timers: []bot.Timer{ring("t", "early", time.Minute)}})
	b.plan("p2", bot.Plan{Timers: []bot.Timer{ring("t", "late", 2*time.Minute)}})
	b.clock.Pass(61 * time.Second)
	b.take("me", "")
	b.clock.Pass(60 * time.Second)
	b.save(b.take("me", "timer/t"), bot.Plan{})
	b.plan("p3", bot.Plan{Timers: []bot.Timer{ring("t", "again", 0)}})
	b.take("me", "") // it has rung
}

var start = bot.StartStage{Order: bot.StageOrder{Key: "slot/1", Repo: repo, Environment: "production"}}

func orders(_ *testing.T, b *bench) {
	b.plan("p1", bot.Plan{Effects: []bot.Effect{start}})
	b.finish(b.perform("me", "slot/1"), bot.TaskDone)
	b.plan("p2", bot.Plan{Effects: []bot.Effect{start}})
	b.perform("me", "")
}

func groups(_ *testing.T, b *bench) {
	b.plan("p1", bot.Plan{Effects: []bot.Effect{
		bot.KeepMessage{Channel: "#c", Place: "p"},
		bot.KeepMessage{Channel: "#c", Place: "p/1", Thread: "p"},
		bot.KeepMessage{Channel: "#d", Place: "p"},
	}})
	parent := b.perform("me", "#c/p")
	b.finish(b.perform("me", "#d/p"), bot.TaskDone)
	b.perform("me", "") // the reply waits for its parent
	b.retry(parent, b.clock.At.Add(time.Minute), true)
	b.perform("me", "")
	b.clock.Pass(time.Minute)
	b.finish(b.perform("me", "#c/p"), bot.TaskDone)
	b.perform("me", "#c/p/1")
}

// goneEffectFirst: what was in hand of somebody who is gone is taken up before
// what waits and is no more pressing, and of equals what may be for longest.
func goneEffectFirst(_ *testing.T, b *bench) {
	say := func(channel string) bot.Plan {
		return bot.Plan{Effects: []bot.Effect{bot.KeepMessage{Channel: channel, Place: "p"}}}
	}
	b.plan("p1", say("#gone"))
	b.plan("p2", say("#tried"))
	b.perform("gone", "#gone/p")
	b.retry(b.perform("me", "#tried/p"), b.clock.At.Add(time.Second), true)
	b.plan("p3", say("#then"))
	b.next("while one is in hand", b.clock.At)
	b.clock.Pass(lease + time.Second)
	b.plan("p4", bot.Plan{Effects: []bot.Effect{start}})
	for _, key := range []string{start.Key(), "#gone/p", "#then/p", "#tried/p"} {
		b.perform("me", key)
	}
	b.next("when all are in hand", b.clock.At.Add(lease+time.Microsecond))
}

// pressing: of equals the oldest is first, and a group keeps its order whatever
// is pressing in it.
func pressing(_ *testing.T, b *bench) {
	shown := bot.KeepMessage{Channel: "#c", Place: "p"}
	b.plan("p1", bot.Plan{Effects: []bot.Effect{bot.React{Repo: repo, Comment: 1, Reaction: bot.Hooray}, shown, start}})
	other := bot.AbortStage{Order: bot.StageOrder{Key: "slot/9", Service: "other"}}
	held := bot.SetCheck{Repo: repo, SHA: "a", Name: "roundtrip / main", Status: bot.InProgress}
	b.plan("p2", bot.Plan{Effects: []bot.Effect{bot.SetWeight(start), other, held}})
	for _, key := range []string{start.Key(), other.Key(), held.Key(), shown.Key()} {
		b.perform("me", key)
	}
	b.perform("me", bot.React{Repo: repo, Comment: 1, Reaction: bot.Hooray}.Key())
	b.perform("me", "") // the weight waits for the start
}

func lapsed(t *testing.T, b *bench) {
	b.plan("p1", bot.Plan{Effects: []bot.Effect{start}})
	first := b.perform("me", "slot/1")
	b.clock.Pass(lease + time.Second)
	again := b.perform("you", "slot/1")
	if first.Lapsed || !again.Lapsed || again.Attempts != 2 {
		t.Errorf("first lapsed %v, second lapsed %v at attempt %d", first.Lapsed, again.Lapsed, again.Attempts)
	}
	first.State = bot.TaskDone
	if err := b.FinishTask(t.Context(), first, nil); !errors.Is(err, bot.ErrConflict) {
		t.Errorf("a lost lease finished: %v", err)
	}
	b.clock.Pass(lease + time.Second)
	mine := b.perform("you", "slot/1") // by another loop of the same owner, say
	again.State = bot.TaskDone
	b.conflicts("an earlier lease of the same owner", map[string]error{
		"finished": b.FinishTask(t.Context(), again, nil),
		"put back": putBack(t.Context(), b, again, b.clock.At),
	})
	again = mine
	again.Tries = 7
	b.retry(again, b.clock.At, true)
	if third := b.perform("me", "slot/1"); third.Lapsed || third.Attempts != 4 || third.Tries != 7 || third.Lapses != 2 {
		t.Errorf("lapsed %v, %d attempts, %d tries, %d lapses", third.Lapsed, third.Attempts, third.Tries, third.Lapses)
	}
}

func observes(_ *testing.T, b *bench) {
	b.hear("p1", 1)
	b.must(b.Save(b.Context(), b.take("me", "p1"), bot.Plan{
		Effects: []bot.Effect{start},
		Answers: []bot.Effect{bot.React{Repo: repo, Comment: 5, Reaction: bot.Eyes}},
	}, true))
	b.perform("me", "7/42/5/eyes")
	b.perform("me", "")
	l := b.take("me", "held/p1/stage.start/slot/1")
	if l.Kind != "stage.settled" {
		b.Errorf("the rollout hears %s", l.Kind)
	}
}

func due(t *testing.T, b *bench) {
	if _, ok, err := b.NextDue(t.Context()); ok || err != nil {
		t.Fatalf("something is due in an empty store: %v %v", ok, err)
	}
	at := b.clock.At.Add(time.Hour)
	b.plan("p1", bot.Plan{Timers: []bot.Timer{{ID: "t", At: at, Event: bot.JudgeDue{}}}})
	if got, ok, err := b.NextDue(t.Context()); !ok || err != nil || !got.Equal(at) {
		t.Errorf("next due = %v %v %v, want %v", got, ok, err, at)
	}
}

// dueBehind: what stands behind another of its group is due when that one is.
func dueBehind(t *testing.T, b *bench) {
	b.plan("p1", bot.Plan{Effects: []bot.Effect{
		bot.KeepMessage{Channel: "#c", Place: "p"},
		bot.KeepMessage{Channel: "#c", Place: "p/1", Thread: "p"},
	}})
	at := b.clock.At.Add(time.Minute)
	b.retry(b.perform("me", "#c/p"), at, true)
	if got, ok, err := b.NextDue(t.Context()); !ok || err != nil || !got.Equal(at) {
		t.Errorf("next due = %v %v %v, want %v", got, ok, err, at)
	}
}
