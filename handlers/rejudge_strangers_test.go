package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// strangers has a delivery judge those whom nobody has heard of. It says who is
// judged, and what is left for another delivery.
func (x *branch) strangers(t *testing.T, e bot.JudgeAllDue) (judged []int, rest []bot.Timer, err error) {
	t.Helper()
	plan, err := x.handlers().judgeAllDue(t.Context(), bot.Delivery[bot.JudgeAllDue]{ID: "d", At: x.now, Event: e})
	for _, timer := range plan.Timers {
		if _, ok := timer.Event.(bot.JudgeAllDue); ok {
			rest = append(rest, timer)
		}
	}
	return numbersOf(plan), rest, err
}

func (x *branch) lists(err error, numbers ...int) {
	x.open, x.openErr = nil, err
	for _, n := range numbers {
		x.open = append(x.open, openChange(n, teaSHA(n)))
	}
}

// Half a list holds more than none: who is on it is judged, and the rest is
// asked for as long as that brings more. Then it fails, as any delivery does.
func TestAListThatBreaksOffHoldsWhoIsOnIt(t *testing.T) {
	x := newBranch(t)
	away := bot.Away{Who: "GitHub", Err: errors.New("502")}
	all := bot.JudgeAllDue{Repo: tea, Base: "main", Why: "broke/main/1", Strangers: true}
	ids := map[string]bool{}
	for _, numbers := range [][]int{{7, 8}, {7, 8, 9}} {
		x.lists(away, numbers...)
		judged, rest, err := x.strangers(t, all)
		if err != nil || !slices.Equal(judged, numbers) || len(rest) != 1 || rest[0].At != x.now {
			t.Fatalf("of %v is judged %v, rest %+v: %v", numbers, judged, rest, err)
		}
		if again := rest[0].Event.(bot.JudgeAllDue); ids[rest[0].ID] || again.Subject() != all.Subject() {
			t.Errorf("the rest is %+v", rest[0])
		}
		ids[rest[0].ID], all = true, rest[0].Event.(bot.JudgeAllDue)
	}
	x.lists(away, 7, 8)
	judged, rest, err := x.strangers(t, all)
	if !errors.Is(err, away.Err) || !errors.As(err, &bot.Away{}) || errors.As(err, &bot.Permanent{}) || len(judged)+len(rest) > 0 {
		t.Errorf("it goes no further: %v, %+v, %v", judged, rest, err)
	}
	if want := "the 3 open changes before that are judged, those after it are held by nobody"; !strings.Contains(fmt.Sprint(err), want) {
		t.Errorf("it says %v", err)
	}
	x.lists(nil, 7, 8, 9, 10)
	if judged, rest, err := x.strangers(t, all); err != nil || !slices.Equal(judged, []int{7, 8, 9, 10}) || len(rest) > 0 {
		t.Errorf("the whole list: %v, %+v, %v", judged, rest, err)
	}
}

// A slow list is gone through from where it was left, a page early: each time
// brings more of it, and all of them wait in the end.
func TestASlowListIsGoneThrough(t *testing.T) {
	x := newBranch(t)
	var numbers, held []int
	for n := range 450 {
		numbers = append(numbers, 7+n)
	}
	x.lists(nil, numbers...)
	x.slow = []int{200}
	all, asked := bot.JudgeAllDue{Repo: tea, Base: "main", Why: "broke/main/1", Strangers: true}, 0
	for rest := []bot.Timer{{Event: all}}; len(rest) > 0; asked++ {
		var judged []int
		var err error
		if judged, rest, err = x.strangers(t, rest[0].Event.(bot.JudgeAllDue)); err != nil || asked > 9 {
			t.Fatalf("asked %d times: %v", asked, err)
		}
		x.open = x.open[min(30, 30*asked):] // those are closed meanwhile
		held = append(held, judged...)
	}
	slices.Sort(held)
	if held = slices.Compact(held); !slices.Equal(held, numbers) || asked != 4 {
		t.Errorf("asked %d times, %d of %d are judged", asked, len(held), len(numbers))
	}
}

// Nor does it stay where it is when one page is all that comes, be it from the
// beginning or after more came.
func TestAListOfOnePageAtATimeIsGoneThrough(t *testing.T) {
	for _, slow := range [][]int{{100}, {200, 100}, {200, 200, 100}} {
		x := newBranch(t)
		var numbers, held []int
		for n := range 450 {
			numbers = append(numbers, 7+n)
		}
		x.lists(nil, numbers...)
		x.slow = slow
		ids := map[string]bool{}
		rest := []bot.Timer{{Event: bot.JudgeAllDue{Repo: tea, Base: "main", Why: "broke/main/1", Strangers: true}}}
		for len(rest) > 0 {
			judged, more, err := x.strangers(t, rest[0].Event.(bot.JudgeAllDue))
			if err != nil || len(more) > 0 && ids[more[0].ID] {
				t.Fatalf("%v: after %d: %+v (%v)", slow, len(held), more, err)
			}
			if rest, held = more, append(held, judged...); len(rest) > 0 {
				ids[rest[0].ID] = true
			}
		}
		slices.Sort(held)
		if held = slices.Compact(held); !slices.Equal(held, numbers) {
			t.Errorf("%v: %d of %d are judged", slow, len(held), len(numbers))
		}
	}
}

// What is wrong with one of them is not skipped: the list is read whole, and
// says so again.
func TestAListThatIsWrongIsReadWhole(t *testing.T) {
	x := newBranch(t)
	for n := range 250 {
		x.open = append(x.open, openChange(7+n, teaSHA(7+n)))
	}
	x.openErr = errors.New("one has no head")
	_, rest, err := x.strangers(t, bot.JudgeAllDue{Repo: tea, Base: "main", Why: "broke/main/1", Strangers: true})
	if err != nil || len(rest) != 1 || rest[0].Event.(bot.JudgeAllDue).Skip != 0 {
		t.Fatalf("the rest is %+v (%v)", rest, err)
	}
}

// What asking again cannot bring is given up at once, by name, and no list is
// read for that.
func TestAListThatIsTooLongHoldsWhoIsOnIt(t *testing.T) {
	x := newBranch(t)
	x.lists(bot.Permanent{Err: errors.New("the list has more than 50 pages")}, 7, 8)
	judged, rest, err := x.strangers(t, bot.JudgeAllDue{Repo: tea, Base: "main", Why: "broke/main/1", Strangers: true})
	if err != nil || !slices.Equal(judged, []int{7, 8}) || len(rest) != 1 {
		t.Fatalf("judged %v, rest %+v: %v", judged, rest, err)
	}
	x.lists(errors.New("it is asked again"))
	_, _, err = x.strangers(t, rest[0].Event.(bot.JudgeAllDue))
	if !errors.As(err, &bot.Permanent{}) || err.Error() != "the list has more than 50 pages; the 2 open changes before that are judged, those after it are held by nobody" {
		t.Errorf("it ends with: %v", err)
	}
}

// Who asks us to wait is asked no sooner.
func TestAListThatBreaksOffAtALimit(t *testing.T) {
	x := newBranch(t)
	x.lists(bot.RetryAfter{After: time.Minute, Err: errors.New("429")}, 7)
	judged, rest, err := x.strangers(t, bot.JudgeAllDue{Repo: tea, Base: "main", Why: "broke/main/1", Strangers: true})
	if err != nil || !slices.Equal(judged, []int{7}) || len(rest) != 1 || rest[0].At != x.now.Add(time.Minute) {
		t.Errorf("judged %v, rest %+v: %v", judged, rest, err)
	}
}

// Main breaks, and the list of those from before the installation is too long:
// who is on it waits, and what is missing is a delivery that was given up, which
// the log, the meters and the home page tell of.
func TestWhatIsMissingOfAListIsSeen(t *testing.T) {
	o := newOffice(t)
	o.hears(bot.Pushed{Repo: tea, Branch: "main", After: teaSHA(1)}, o.unit(1, bot.Success))
	o.lists(bot.Permanent{Err: errors.New("the list has more than 50 pages")}, 7, 8)
	for _, c := range o.open {
		o.changes[c.Ref.Number] = c
	}
	o.hears(o.unit(1, bot.Failure))
	if !o.waits(7) || !o.waits(8) {
		t.Errorf("they do not wait: %+v", o.shown)
	}
	lost, err := o.store.Letters(t.Context(), bot.LetterFailed, 10)
	if err != nil || len(lost) != 1 || lost[0].Kind != "changes.judge" || lost[0].Attempts != 1 ||
		!strings.Contains(lost[0].Error, "more than 50 pages; the 2 open changes before that are judged, those after it are held by nobody") {
		t.Errorf("given up are %+v (%v)", lost, err)
	}
}
