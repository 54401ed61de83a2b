package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// What becomes of an effect that a newer one takes the place of, and of what it took so far.

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
