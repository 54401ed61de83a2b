package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// unsized is a change just opened that has a file, but no lines; without
// totals the event says nothing at all.
func unsized(number int, totals bool) bot.ChangeUpdated {
	c := openChange(number, teaSHA(number)).Sized(bot.Size{Files: 1})
	c.HasTotals = totals
	return bot.ChangeUpdated{Action: "opened", Change: c}
}

// blocking has the policies of a branch block.
func (x *branch) blocking(t *testing.T, e bot.Event, edit func(*policies.BatchSettings)) (plan bot.Plan, shown []string) {
	t.Helper()
	h := x.handlers()
	read := h.Read
	h.Read = func(text []byte) (Settings, []bot.Mistake) {
		s, m := read(text)
		s.Policies.Batch.Mode = policies.Block
		edit(&s.Policies.Batch)
		return s, m
	}
	for _, handler := range h.All() {
		p, _, err := handler.Handle(t.Context(), bot.Delivery[bot.Event]{ID: x.now.String(), At: x.now, Event: e})
		if err != nil {
			t.Fatalf("%s: %v", handler.Name, err)
		}
		plan.Join(p)
	}
	for _, e := range x.keep(t, plan).Effects {
		if c, ok := e.(bot.SetCheck); ok {
			shown = append(shown, c.Name+": "+c.Conclusion)
		}
	}
	return plan, shown
}

func asIs(*policies.BatchSettings) {}

// A diff that GitHub cannot list holds up neither check, and is asked for
// again, a few times.
func TestAnswersThatSayNoSize(t *testing.T) {
	for _, totals := range []bool{false, true} {
		x := newBranch(t)
		x.readErr = errors.New("list the files: GitHub answered: 422 Unprocessable Entity: the `diff` is taking too long")
		var e bot.Event = unsized(6, totals)
		for i, wait := range []time.Duration{5 * time.Second, time.Minute, 10 * time.Minute, time.Hour, 0} {
			plan, shown := x.blocking(t, e, asIs)
			if want := []string{"roundtrip / batch: failure", "roundtrip / main: neutral"}; !slices.Equal(shown, want) {
				t.Fatalf("%d: shown is %v", i, shown)
			}
			if text := plan.Effects[0].(bot.SetCheck).Summary; !strings.Contains(text, "422 Unprocessable Entity: the 'diff' is taking") {
				t.Errorf("it says %q", text)
			}
			due := slices.DeleteFunc(plan.Timers, func(t bot.Timer) bool { return !strings.HasPrefix(t.ID, "judge/size/") })
			if wait == 0 {
				if len(due) > 0 {
					t.Errorf("it never ends: %+v", due)
				}
				break
			}
			if len(due) != 1 || due[0].At.Sub(x.now) != wait {
				t.Fatalf("%d: woken by %+v", i, due)
			}
			x.now, e = due[0].At, due[0].Event
		}
		x.readErr = nil
		x.changes[6], x.lines = unsized(6, true).Change, map[bot.SHA]bot.Size{teaSHA(6): {Added: 7, Files: 1}}
		if _, shown := x.blocking(t, e, asIs); shown[0] != "roundtrip / batch: success" {
			t.Errorf("when GitHub is ready: %v", shown)
		}
	}
}

// Nobody is asked for a size that nobody judges, and once where it is judged.
func TestASizeIsAskedForOnceAndWhereItMatters(t *testing.T) {
	for name, c := range map[string]struct {
		edit  func(*policies.BatchSettings)
		err   error
		asked []int
	}{
		"off":          {func(s *policies.BatchSettings) { s.Mode = policies.Off }, nil, []int{0, 0}},
		"exempt":       {func(s *policies.BatchSettings) { s.Exempt = []string{"Bob"} }, nil, []int{0, 0}},
		"not said":     {asIs, errors.New("502"), []int{1, 2}},
		"never said":   {asIs, bot.Permanent{Err: errors.New("too many")}, []int{1, 1}},
		"said at last": {asIs, nil, []int{1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			x := newBranch(t)
			x.linesErr, x.lines, x.changes[6] = c.err, map[bot.SHA]bot.Size{teaSHA(6): {Files: 1}}, unsized(6, true).Change
			for i, e := range []bot.Event{unsized(6, true), bot.JudgeDue{Ref: unsized(6, true).Change.Ref}} {
				if _, shown := x.blocking(t, e, c.edit); x.counted != c.asked[i] || !slices.Contains(shown, "roundtrip / main: neutral") {
					t.Errorf("after %T it was counted %d times: %v", e, x.counted, shown)
				}
			}
		})
	}
}

// What cannot be counted has advice that helps: not to ask again.
func TestTooManyFilesToCount(t *testing.T) {
	x := newBranch(t)
	x.readErr = bot.Permanent{Err: errors.New("too many binary files")}
	for _, e := range []bot.Event{unsized(6, true), bot.JudgeDue{Ref: unsized(6, true).Change.Ref}, unsized(6, true)} {
		plan, _ := x.blocking(t, e, asIs)
		c := plan.Effects[0].(bot.SetCheck)
		if c.Conclusion != bot.Failure || c.Title != "Too many files to count its lines" || !strings.Contains(c.Summary, `exempt: ["bob"]`) || strings.Contains(c.Summary, "press *Re-run*") {
			t.Errorf("%T: %+v", e, c)
		}
		if slices.ContainsFunc(plan.Timers, func(t bot.Timer) bool { return strings.HasPrefix(t.ID, "judge/size/") }) {
			t.Errorf("%T: it is asked for again: %+v", e, plan.Timers)
		}
	}
}

// A change that cannot be measured is stopped as any other.
func TestAbortDoesNotWaitForASize(t *testing.T) {
	x := newStreet()
	x.says(t, 1, "/deploy canary")
	x.pass(t, time.Minute)
	x.readErr = errors.New("502")
	x.tell(t, unsized(1, true))
	x.readErr = nil // of the command's own reads
	x.says(t, 1, "/abort")
	if !slices.ContainsFunc(x.done, func(e bot.Effect) bool { return e.Kind() == "stage.abort" }) {
		t.Errorf("nothing was stopped: %+v", x.done)
	}
}

// A count that takes too long, rather than fails, holds up no other word. Where
// the attempt itself is over nothing was learned, and it is tried again.
func TestACountThatTakesTooLong(t *testing.T) {
	x := newBranch(t)
	x.countFor = time.Millisecond
	plan, shown := x.blocking(t, unsized(6, true), asIs)
	if want := []string{"roundtrip / batch: failure", "roundtrip / main: neutral"}; !slices.Equal(shown, want) {
		t.Errorf("shown is %v", shown)
	}
	if !slices.ContainsFunc(plan.Timers, func(t bot.Timer) bool { return strings.HasPrefix(t.ID, "judge/size/") }) {
		t.Errorf("it is not asked for again: %+v", plan.Timers)
	}
	x.countFor = time.Hour
	over, cancel := context.WithCancel(t.Context())
	cancel()
	doc := changeDoc{Change: unsized(7, true).Change}
	asked, err := x.handlers().measure(over, &doc, policies.BatchSettings{Mode: policies.Block}, x.now, &plan)
	if asked || !errors.Is(err, context.Canceled) || doc.Unsaid != nil {
		t.Errorf("%t, %v, %+v", asked, err, doc.Unsaid)
	}
}
