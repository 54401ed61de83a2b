package storetest

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// forgetsEffects: of each state one effect is long over; one is fresh.
func forgetsEffects(t *testing.T, b *bench) {
	say := func(place string) bot.KeepMessage { return bot.KeepMessage{Channel: "#c", Place: place, Text: "hello"} }
	ask := func(id string, e ...bot.Effect) { b.plan(id, bot.Plan{Effects: e}) }
	ask("p1", say("done"), say("unchanged"), say("failed"), say("doubtful"), start)
	b.finish(b.perform("me", "slot/1"), bot.TaskDone)
	for _, state := range []string{bot.TaskDone, bot.TaskUnchanged, bot.TaskFailed, bot.TaskDoubtful} {
		b.finish(b.perform("me", "#c/"+state), state)
	}
	b.plan("p2", bot.Plan{Held: []bot.Effect{say("held")}})
	ask("p3", say("superseded"))
	ask("p4", say("superseded"))
	ask("p5", say("late"))
	b.finish(b.perform("me", "#c/superseded"), bot.TaskDone)
	b.clock.Pass(time.Hour)
	before := b.clock.At
	b.finish(b.perform("me", "#c/late"), bot.TaskDone)
	for _, want := range []int{5, 5, 1, 0} { // in batches: five deliveries, and six effects
		if n, err := b.Forget(t.Context(), before, 5); err != nil || n != want {
			t.Errorf("%d were forgotten, want %d (%v)", n, want, err)
		}
	}
	for place, kept := range map[string]bool{"done": false, "unchanged": false, "held": false, "superseded": false, "failed": true, "doubtful": true, "late": true} {
		b.kept(say(place), kept)
	}
	b.kept(start, false)
	if _, hash, ok, err := b.Receipt(t.Context(), "message", "#c/done"); err != nil || !ok || hash == "" {
		t.Errorf("the receipt is gone: %q (%v)", hash, err)
	}
	ask("p6", start)
	b.perform("me", "") // an order is done once, also when its words are forgotten
}

// kept checks whether the effects of a key still say something.
func (b *bench) kept(e bot.Effect, want bool) {
	b.Helper()
	tasks, err := b.TasksOf(b.Context(), e.Kind(), e.Key(), 5)
	b.must(err)
	if len(tasks) == 0 {
		b.Errorf("%s is gone", e.Key())
	}
	for _, task := range tasks {
		if len(task.Body) > 0 != want || task.Hash == "" {
			b.Errorf("%s, %s: a body of %d bytes and the hash %q", e.Key(), task.State, len(task.Body), task.Hash)
		}
	}
}
