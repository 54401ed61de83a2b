package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// writtenAgain: whoever lost its lease may have sent the old text after the new
// one was written, was being written, or was asked for.
func writtenAgain(t *testing.T, b *bench) {
	for channel, far := range map[string]func(bot.Task){
		"#done":    func(newer bot.Task) { b.finish(newer, bot.TaskDone) },
		"#in-hand": func(newer bot.Task) { b.must(b.RenewTask(t.Context(), newer, lease)) },
		"#waits":   func(newer bot.Task) { b.retry(newer, b.clock.At, true) },
	} {
		for _, text := range []string{"new", "old"} {
			place := channel + "/" + text
			old, newer := b.overtakes(place, "old", text)
			far(newer)
			b.must(b.WriteAgain(t.Context(), old))
			if channel == "#in-hand" {
				b.perform("me", "")
				b.finish(newer, bot.TaskDone)
			}
			if _, hash, ok, err := b.Receipt(t.Context(), "message", place+"/p"); err != nil || ok && hash != "" {
				t.Errorf("%s: it is known what was written: %q (%v)", place, hash, err)
			}
			again := b.perform("me", place+"/p")
			if again.Attempts != newer.Attempts+1 || again.Lapses != 0 || !strings.Contains(string(again.Body), text) {
				t.Errorf("%s: attempt %d (lapses %d) of %s", place, again.Attempts, again.Lapses, again.Body)
			}
			b.finish(again, bot.TaskDone)
			b.clock.Pass(2 * time.Hour)
			b.perform("me", "")
		}
	}
}

// lastState: of the states of one thing the last is shown again, whichever of
// them was shown late; of a thread the one message is; and an answer to one
// person, which nobody finds again, is not repeated.
func lastState(t *testing.T, b *bench) {
	show := func(state string) bot.MirrorRollout {
		return bot.MirrorRollout{Repo: repo, Rollout: "r/1", State: state}
	}
	say := func(place, thread string) bot.KeepMessage {
		return bot.KeepMessage{Channel: "#c", Place: place, Thread: thread, Text: place}
	}
	for _, c := range []struct {
		first, next bot.Effect
		again       string
	}{
		{show("queued"), show("success"), show("success").Key()},
		{say("p", ""), say("p/1", "p"), "#c/p"},
		{bot.Whisper{Command: "1"}, bot.Whisper{Command: "2"}, ""},
	} {
		b.plan("first "+c.first.Kind(), bot.Plan{Effects: []bot.Effect{c.first}})
		late := b.perform("gone", c.first.Key())
		b.clock.Pass(lease + time.Second)
		b.finish(b.perform("me", c.first.Key()), bot.TaskDone)
		b.plan("next "+c.first.Kind(), bot.Plan{Effects: []bot.Effect{c.next}})
		b.finish(b.perform("me", c.next.Key()), bot.TaskDone)
		b.must(b.WriteAgain(t.Context(), late))
		if again := b.perform("me", c.again); c.again != "" {
			b.finish(again, bot.TaskDone)
		}
	}
}

// overtakes lets a lease on an old text run out, and another take the new one.
func (b *bench) overtakes(channel, oldText, newText string) (old, newer bot.Task) {
	say := func(text string) bot.Plan {
		return bot.Plan{Effects: []bot.Effect{bot.KeepMessage{Channel: channel, Place: "p", Text: text}}}
	}
	b.plan("old/"+channel, say(oldText))
	old = b.perform("gone", channel+"/p")
	b.plan("new/"+channel, say(newText))
	b.clock.Pass(lease + time.Second)
	return old, b.perform("me", channel+"/p")
}

// forgottenWrite: what was last written is no longer known where nothing newer
// is to be written again.
func forgottenWrite(t *testing.T, b *bench) {
	say := func(text string) bot.Plan {
		return bot.Plan{Effects: []bot.Effect{bot.KeepMessage{Channel: "#c", Place: "p", Text: text}}}
	}
	b.plan("first", say("first"))
	b.finish(b.perform("me", "#c/p"), bot.TaskDone)
	old, newer := b.overtakes("#c", "old", "new")
	b.finish(newer, bot.TaskFailed)
	b.must(b.WriteAgain(t.Context(), old))
	b.perform("me", "")
	_, hash, ok, err := b.Receipt(t.Context(), "message", "#c/p")
	if b.must(err); !ok || hash != "" {
		t.Errorf("it is known that %q was written (%v)", hash, ok)
	}
}

// laterState: what was followed by a later state of the same thing is not done
// again, neither by itself nor for whoever asks: the thing would go back.
func laterState(t *testing.T, b *bench) {
	weight := func(percent int) bot.SetWeight {
		return bot.SetWeight{Order: bot.StageOrder{Key: "r/1", Repo: repo, Service: "shop", Environment: "production", Weight: percent}}
	}
	weigh := func(percent int) bot.Plan { return bot.Plan{Effects: []bot.Effect{weight(percent)}} }
	b.plan("five", weigh(5))
	five := weight(5).Key()
	old := b.perform("gone", five)
	b.clock.Pass(lease + time.Second)
	b.finish(b.perform("me", five), bot.TaskDone)
	b.plan("more", weigh(25))
	b.finish(b.perform("me", weight(25).Key()), bot.TaskFailed)
	b.must(b.WriteAgain(t.Context(), old))
	b.perform("me", "")
	b.plan("most", weigh(50))
	b.finish(b.perform("me", weight(50).Key()), bot.TaskDone)
	failed, err := b.TasksOf(t.Context(), "stage.weight", weight(25).Key(), 1)
	if b.must(err); len(failed) != 1 {
		t.Fatalf("there are %d that failed", len(failed))
	}
	if done, err := b.TryTask(t.Context(), failed[0], bot.Fact{Kind: "operator.again", Repo: repo}); done || err != nil {
		t.Errorf("a weight of 25 %% is set again after 50 %% (%v)", err)
	}
}
