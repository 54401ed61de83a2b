package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func tasksOf(t *testing.T, b *bench) {
	said := func(place, text string) bot.Plan {
		return bot.Plan{Effects: []bot.Effect{bot.KeepMessage{Channel: "#c", Place: place, Text: text}}}
	}
	b.plan("p1", said("p", "first"))
	b.finish(b.perform("me", "#c/p"), bot.TaskDone)
	b.plan("p2", said("p", "second"))
	b.plan("p3", said("q", "of another"))
	b.plan("p4", bot.Plan{Effects: []bot.Effect{start}})
	for _, tc := range []struct {
		key, want string
		limit     int
	}{
		{"#c/p", "p2 waiting, p1 done, ", 10},
		{"#c/p", "p2 waiting, ", 1},
		{"#c", "", 10},
	} {
		tasks, err := b.TasksOf(t.Context(), "message", tc.key, tc.limit)
		b.must(err)
		got := ""
		for _, task := range tasks {
			got += fmt.Sprintf("%s %s, ", task.Cause, task.State)
		}
		if got != tc.want {
			t.Errorf("%d of %s: %q, want %q", tc.limit, tc.key, got, tc.want)
		}
	}
}

func letters(t *testing.T, b *bench) {
	for i, id := range []string{"d1", "d2", "d3"} {
		b.hear(id, i)
		b.must(b.FailLetter(t.Context(), b.take("me", id), "no", nil))
	}
	b.hear("d4", 4)
	failed, err := b.Letters(t.Context(), bot.LetterFailed, 2)
	b.must(err)
	if len(failed) != 2 || failed[0].ID != "d3" || failed[1].ID != "d2" || string(failed[0].Body) != "d3" || failed[0].Error != "no" {
		t.Errorf("given up were %+v", failed)
	}
}

func tally(t *testing.T, b *bench) {
	b.hear("d1", 1)
	b.hear("d2", 1)
	b.save(b.take("me", "d1"), bot.Plan{Timers: []bot.Timer{{ID: "later", At: b.clock.At.Add(time.Hour), Event: bot.CatchUpDue{}}}})
	_, err := b.Hear(t.Context(), bot.Letter{ID: "d3", Source: "test", Name: "x", Body: []byte("d3")})
	b.must(err)
	list, err := b.Tally(t.Context())
	b.must(err)
	var got []string
	for _, n := range list {
		got = append(got, fmt.Sprint(n.Source, " ", n.State, " ", n.N))
	}
	slices.Sort(got)
	if want := []string{"test done 1", "test new 1", "test ready 1", "timer ready 1"}; !slices.Equal(got, want) {
		t.Errorf("counted %q, want %q", got, want)
	}
}

func behind(t *testing.T, b *bench) {
	began := b.clock.At
	is := func(when string, want bot.Backlog) {
		t.Helper()
		got, err := b.Backlog(t.Context())
		b.must(err)
		if got != want {
			t.Errorf("%s: %+v, want %+v", when, got, want)
		}
	}
	is("at first", bot.Backlog{})
	b.plan("d1", bot.Plan{
		Timers:  []bot.Timer{{ID: "later", At: began.Add(time.Hour), Event: bot.CatchUpDue{}}},
		Effects: []bot.Effect{bot.KeepMessage{Channel: "#c", Place: "p", Text: "x"}},
	})
	asked := b.clock.At
	is("while a timer runs", bot.Backlog{Task: asked})
	b.retry(b.perform("me", "#c/p"), asked.Add(time.Hour), true)
	b.hear("d2", 2)
	b.must(b.RetryLetter(t.Context(), b.take("me", "d2"), asked.Add(time.Minute), "502", nil))
	if l, _, err := b.Letter(t.Context(), "d2"); err != nil || !l.RetryAt.Equal(asked.Add(time.Minute)) {
		t.Errorf("it is tried again at %v: %v", l.RetryAt, err)
	}
	is("when both are tried again", bot.Backlog{Letter: asked, Task: asked, Letters: 1, Effects: 1})
	b.clock.Pass(2 * time.Hour)
	b.save(b.take("me", "d2"), bot.Plan{})
	b.finish(b.perform("me", "#c/p"), bot.TaskDone)
	is("when the timer has rung", bot.Backlog{Letter: began.Add(time.Hour)})
}

// forgets: d1 and d2 are long over, d3 was given up, d4 waits, d5 is fresh.
func forgets(t *testing.T, b *bench) {
	for i, id := range []string{"d1", "d2"} {
		b.hear(id, i)
		b.save(b.take("me", id), bot.Plan{})
	}
	b.hear("d3", 3)
	b.must(b.FailLetter(b.Context(), b.take("me", "d3"), "no", nil))
	b.hear("d4", 4)
	b.clock.Pass(time.Hour)
	before := b.clock.At
	b.hear("d5", 5)
	b.must(b.RetryLetter(b.Context(), b.take("me", "d4"), b.clock.At.Add(time.Hour), "502", nil))
	b.save(b.take("me", "d5"), bot.Plan{})
	for _, want := range []int{1, 1, 0} { // in batches
		if n, err := b.Forget(t.Context(), before, 1); err != nil || n != want {
			t.Errorf("%d were forgotten, want %d (%v)", n, want, err)
		}
	}
	for id, kept := range map[string]bool{"d1": false, "d2": false, "d3": true, "d4": true, "d5": true} {
		l, ok, err := b.Letter(t.Context(), id)
		b.must(err)
		if !ok || (len(l.Body) > 0) != kept || (len(l.Event) > 0) != kept {
			t.Errorf("%s: found %v, with a body of %d bytes and an event of %d", id, ok, len(l.Body), len(l.Event))
		}
	}
	if fresh, err := b.Hear(t.Context(), bot.Letter{ID: "d1", Source: "test", Body: []byte("again")}); err != nil || fresh {
		t.Errorf("a repeat of what was forgotten is news: %v (%v)", fresh, err)
	}
	b.clock.Pass(time.Hour)
	b.save(b.take("me", "d4"), bot.Plan{}) // it can still be handled
}
