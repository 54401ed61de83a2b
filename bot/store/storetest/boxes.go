package storetest

import (
	"errors"
	"strings"
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

func newest(t *testing.T, b *bench) {
	key := bot.SetCheck{Repo: repo, SHA: "s", Name: "n"}.Key()
	b.plan("p1", bot.Plan{Effects: []bot.Effect{bot.SetCheck{Repo: repo, SHA: "s", Name: "n", Title: "old"}}})
	b.plan("p2", bot.Plan{Effects: []bot.Effect{bot.SetCheck{Repo: repo, SHA: "s", Name: "n", Title: "new"}}})
	task := b.perform("me", key)
	effect, err := bot.DecodeEffect(task.Kind, task.Body)
	b.must(err)
	if got := effect.(bot.SetCheck).Title; got != "new" {
		t.Errorf("performed the %s one", got)
	}
	task.Receipt = bot.Receipt{ID: "77"}
	b.finish(task, bot.TaskDone)
	b.perform("me", "")
	r, hash, ok, err := b.Receipt(t.Context(), "check", key)
	b.must(err)
	if !ok || r.ID != "77" || hash != task.Hash {
		t.Errorf("receipt = %v %q %v", r, hash, ok)
	}
}

// heldBesides: what is not done takes the place of nothing that will be.
func heldBesides(t *testing.T, b *bench) {
	say := func(text string) []bot.Effect {
		return []bot.Effect{bot.KeepMessage{Channel: "#c", Place: "p", Text: text}}
	}
	b.plan("p1", bot.Plan{Effects: say("done")})
	b.plan("p2", bot.Plan{Held: say("held")})
	if task := b.perform("me", "#c/p"); !strings.Contains(string(task.Body), "done") {
		t.Errorf("performed %s", task.Body)
	}
}

// retold: what gives way may have been done before its answer was lost.
func retold(t *testing.T, b *bench) {
	say := func(text string) bot.Plan {
		return bot.Plan{Effects: []bot.Effect{bot.KeepMessage{Channel: "#c", Place: "p", Text: text}}}
	}
	b.plan("p1", say("old"))
	first := b.perform("me", "#c/p")
	b.retry(first, b.clock.At.Add(time.Hour), true)
	b.plan("p2", say("new"))
	b.plan("p3", say("newest"))
	if task := b.perform("me", "#c/p"); first.Attempts != 1 || task.Attempts != 2 || !strings.Contains(string(task.Body), "newest") {
		t.Errorf("attempt %d, then attempt %d of %s", first.Attempts, task.Attempts, task.Body)
	}
	b.plan("p4", bot.Plan{Effects: []bot.Effect{bot.KeepMessage{Channel: "#d", Place: "p", Text: "untried"}}})
	b.plan("p5", bot.Plan{Effects: []bot.Effect{bot.KeepMessage{Channel: "#d", Place: "p", Text: "new"}}})
	if task := b.perform("me", "#d/p"); task.Attempts != 1 {
		t.Errorf("what was never tried counts: attempt %d", task.Attempts)
	}
}

// overtaken: what was being tried when something newer was asked for is not
// tried again, whether the try failed or whoever made it is gone.
func overtaken(t *testing.T, b *bench) {
	say := func(channel, text string) bot.Plan {
		return bot.Plan{Effects: []bot.Effect{bot.KeepMessage{Channel: channel, Place: "p", Text: text}}}
	}
	for channel, over := range map[string]func(bot.Task){
		"#failed": func(old bot.Task) { b.retry(old, b.clock.At.Add(time.Hour), false) },
		"#gone":   func(bot.Task) { b.clock.Pass(lease + time.Second) },
	} {
		b.plan("old/"+channel, say(channel, "old"))
		old := b.perform("me", channel+"/p")
		b.plan("new/"+channel, say(channel, "new"))
		b.perform("me", "") // the new one waits for how the old one ends
		over(old)
		task := b.perform("me", channel+"/p")
		if task.Attempts != 2 || task.Tries != 0 || task.Lapsed || !strings.Contains(string(task.Body), "new") {
			t.Errorf("%s: attempt %d (%d tries, lapsed %v) of %s", channel, task.Attempts, task.Tries, task.Lapsed, task.Body)
		}
		b.finish(task, bot.TaskDone)
		b.clock.Pass(2 * time.Hour)
		b.perform("me", "")
		tasks, err := b.TasksOf(t.Context(), "message", channel+"/p", 9)
		b.must(err)
		if len(tasks) != 2 || tasks[1].State != bot.TaskSuperseded {
			t.Errorf("%s: %+v", channel, tasks)
		}
	}
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

// inItsPlace: what takes the place of a message that still waits, or was in hand
// of somebody who is gone, goes before the replies to it.
func inItsPlace(_ *testing.T, b *bench) {
	message, reply := bot.KeepMessage{Channel: "#c", Place: "p"}, bot.KeepMessage{Channel: "#c", Place: "p/1", Thread: "p"}
	b.plan("p1", bot.Plan{Effects: []bot.Effect{message, reply}})
	b.retry(b.perform("me", "#c/p"), b.clock.At.Add(time.Second), true)
	for _, cause := range []string{"p2", "p3"} {
		b.plan(cause, bot.Plan{Effects: []bot.Effect{message}})
	}
	if t := b.perform("gone", "#c/p"); t.Cause != "p3" {
		b.Errorf("of %s", t.Cause)
	}
	b.plan("p4", bot.Plan{Effects: []bot.Effect{message}})
	b.clock.Pass(lease + time.Second)
	newest := b.perform("me", "#c/p")
	if newest.Cause != "p4" || newest.Attempts < 2 {
		b.Errorf("of %s, attempt %d", newest.Cause, newest.Attempts)
	}
	b.finish(newest, bot.TaskDone)
	b.perform("me", "#c/p/1")
}

// itsTries: what is asked for again and again until it is written is tried no longer
// than the first of it would be, and so is what changes it.
func itsTries(_ *testing.T, b *bench) {
	message := bot.KeepMessage{Channel: "#c", Place: "p"}
	began := b.clock.At
	fails := func(tries int) bot.Task {
		b.Helper()
		t := b.perform("me", "#c/p")
		if t.Tries != tries || t.At.Sub(began) > 100*time.Millisecond {
			b.Errorf("%d tries since %s, not %d", t.Tries, t.At.Sub(began), tries)
		}
		t.Tries++
		return t
	}
	b.plan("p1", bot.Plan{Effects: []bot.Effect{message}})
	b.retry(fails(0), b.clock.At.Add(time.Hour), true)
	b.clock.Pass(time.Second)
	b.plan("p2", bot.Plan{Effects: []bot.Effect{message}})
	again := fails(1)
	b.clock.Pass(time.Second)
	b.plan("p3", bot.Plan{Effects: []bot.Effect{message}})
	b.retry(again, b.clock.At.Add(time.Hour), false)
	b.finish(fails(2), bot.TaskDone)
	began = b.clock.At
	b.plan("p4", bot.Plan{Effects: []bot.Effect{message}})
	b.retry(fails(0), b.clock.At.Add(time.Hour), true)
	b.clock.Pass(time.Second)
	b.plan("p5", bot.Plan{Effects: []bot.Effect{message}})
	again = fails(1)
	b.plan("p6", bot.Plan{Effects: []bot.Effect{message}})
	b.retry(again, b.clock.At.Add(time.Hour), false)
	b.finish(fails(2), bot.TaskDone)
}

// ownTries: what says something new is not given up with its first failure, nor is
// what was written and is to be written again.
func ownTries(t *testing.T, b *bench) {
	say := func(cause, text string) {
		b.plan(cause, bot.Plan{Effects: []bot.Effect{bot.KeepMessage{Channel: "#c", Place: "p", Text: text}}})
	}
	tried := func(tries, away int) bot.Task {
		b.Helper()
		task := b.perform("me", "#c/p")
		if task.Tries != tries || task.Away != away {
			b.Errorf("%d tries and %d when nobody answered, not %d and %d", task.Tries, task.Away, tries, away)
		}
		task.Tries, task.Away = bot.TaskTries-1, bot.AwayTries-1
		return task
	}
	last := func() time.Time { return b.clock.At.Add(time.Hour) }
	say("p1", "old")
	b.retry(tried(0, 0), last(), true)
	say("p2", "old")
	b.retry(tried(bot.TaskTries-1, bot.AwayTries-1), last(), true)
	say("p3", "new")
	task := tried(bot.HandedOn, bot.AwayHandedOn)
	say("p4", "newer")
	b.retry(task, last(), false)
	task = tried(bot.HandedOn, bot.AwayHandedOn)
	say("p5", "newer")
	b.retry(task, last(), false)
	task = tried(bot.TaskTries-1, bot.AwayTries-1)
	b.finish(task, bot.TaskDone)
	b.must(b.WriteAgain(t.Context(), task))
	b.retry(tried(0, 0), b.clock.At, true)
	task = tried(bot.TaskTries-1, bot.AwayTries-1)
	b.must(b.WriteAgain(t.Context(), task))
	b.finish(task, bot.TaskDone)
	tried(0, 0)
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

func replaces(_ *testing.T, b *bench) {
	b.plan("p1", bot.Plan{Effects: []bot.Effect{start}})
	b.retry(b.perform("me", "slot/1"), b.clock.At.Add(time.Hour), true)
	b.plan("p2", bot.Plan{Effects: []bot.Effect{bot.AbortStage(start)}})
	if task := b.perform("me", "slot/1"); task.Kind != "stage.abort" {
		b.Errorf("performs %s first", task.Kind)
	}
}

// replacesTried: a start that did not come through is not tried again when
// going back waits behind it.
func replacesTried(t *testing.T, b *bench) {
	for key, over := range map[string]func(bot.Task){
		"failed": func(task bot.Task) { b.retry(task, b.clock.At.Add(time.Hour), false) },
		"gone":   func(bot.Task) { b.clock.Pass(lease + time.Second) },
	} {
		begin := bot.StartStage{Order: bot.StageOrder{Key: key, Repo: repo, Environment: key}}
		b.plan("start/"+key, bot.Plan{Effects: []bot.Effect{begin}})
		task := b.perform("me", key)
		b.plan("abort/"+key, bot.Plan{Effects: []bot.Effect{bot.AbortStage(begin)}})
		b.perform("me", "")
		over(task)
		back := b.perform("me", key)
		if back.Kind != "stage.abort" || back.Attempts != 1 {
			t.Errorf("%s: performs %s, attempt %d", key, back.Kind, back.Attempts)
		}
		b.finish(back, bot.TaskDone)
	}
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
