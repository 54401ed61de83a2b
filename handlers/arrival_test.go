package handlers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// shuffles of so many events: every one there is.
func shuffles(n int) (all [][]int) {
	if n == 0 {
		return [][]int{{}}
	}
	for _, shorter := range shuffles(n - 1) {
		for i := range n {
			all = append(all, slices.Insert(slices.Clone(shorter), i, n-1))
		}
	}
	return all
}

// redDesk has a main on which unit fails, and a clean wall.
func redDesk(t *testing.T) (*branch, map[bot.SHA]string) {
	x := newBranch(t)
	x.ran("build", 1, bot.Success)
	x.ran("unit", 1, bot.Failure)
	return x, map[bot.SHA]string{}
}

// show writes down what a plan, and the judging that it wakes, show of main.
func (x *branch) show(plan bot.Plan, on map[bot.SHA]string) {
	x.t.Helper()
	for _, e := range plan.Effects {
		if c, ok := e.(bot.SetCheck); ok && c.Name == "roundtrip / main" {
			on[c.SHA] = c.Title
		}
	}
	for _, timer := range plan.Timers {
		if due, ok := timer.Event.(bot.JudgeDue); ok {
			x.show(x.tell(due), on)
		}
	}
}

// pushed6 is a push to change 6, at GitHub's one second.
func pushed6(before, head int, fork bool) bot.ChangeUpdated {
	c := openChange(6, teaSHA(head))
	c.Updated = teaTime
	if fork {
		c.HeadRepo = 77
	}
	e := bot.ChangeUpdated{Action: "synchronize", Change: c}
	if e.Before = teaSHA(before); before == 0 {
		e.Action, e.Before = "opened", ""
	}
	return e
}

func passes(x *branch, commit int, changes ...int) bot.CheckReported {
	at := x.now.Add(time.Hour)
	return bot.CheckReported{Repo: tea, Changes: changes, Run: bot.CheckRun{
		ID: 900, App: 1, Name: "unit", SHA: teaSHA(commit), Status: bot.Completed, Conclusion: bot.Success, Started: at, Completed: at,
	}}
}

// A change's first webhooks tell of one second, and GitHub keeps no order.
func TestAnyOrderOfArrivalEndsTheSame(t *testing.T) {
	for _, fork := range []bool{false, true} {
		for _, order := range shuffles(3) {
			t.Run(fmt.Sprint(fork, order), func(t *testing.T) {
				x, shown := redDesk(t)
				ran := passes(x, 62, 6)
				if fork { // GitHub names no change then
					ran.Changes = nil
				}
				events := []bot.Event{pushed6(0, 61, fork), pushed6(61, 62, fork), ran}
				for _, i := range order {
					x.show(x.tell(events[i]), shown)
				}
				doc, _, err := x.handlers().change(t.Context(), bot.ChangeRef{Repo: tea, Number: 6})
				if err != nil || doc.Change.Head != teaSHA(62) || shown[teaSHA(62)] != "May merge: it repairs main" {
					t.Errorf("the head is %s (%v), and shown is %q", doc.Change.Head, err, shown)
				}
			})
		}
	}
}

// Pushes of one second whose order nobody can tell from what is known: GitHub
// is asked where the change is now.
func TestPushesOfOneSecond(t *testing.T) {
	for name, c := range map[string]struct {
		pushes [][2]int
		ends   int
	}{
		"one after the other":   {[][2]int{{0, 61}, {61, 62}, {62, 63}, {63, 64}}, 64},
		"there and back":        {[][2]int{{0, 61}, {61, 62}, {62, 61}}, 61},
		"there, back and there": {[][2]int{{0, 61}, {61, 62}, {62, 61}, {61, 62}}, 62},
	} {
		for _, order := range shuffles(len(c.pushes)) {
			t.Run(fmt.Sprint(name, order), func(t *testing.T) {
				x := newBranch(t)
				x.changes[6] = pushed6(0, c.ends, false).Change
				for _, i := range order {
					x.tell(pushed6(c.pushes[i][0], c.pushes[i][1], false))
				}
				if doc, _, err := x.handlers().change(t.Context(), bot.ChangeRef{Repo: tea, Number: 6}); err != nil || doc.Change.Head != teaSHA(c.ends) {
					t.Errorf("the head is %s (%v)", doc.Change.Head, err)
				}
			})
		}
	}
}

// What is told of the second in which a change was closed does not open it.
func TestClosedStaysClosed(t *testing.T) {
	for _, merged := range []bool{true, false} {
		x := newBranch(t)
		opened := pushed6(0, 61, false)
		closed := opened.Change
		closed.Open, closed.Merged = false, merged
		x.changes[6] = closed
		x.tell(bot.ChangeClosed{Change: closed})
		x.tell(opened)
		if doc, _, err := x.handlers().change(t.Context(), opened.Change.Ref); err != nil || doc.Change.Open || doc.Change.Merged != merged {
			t.Errorf("it is open: %t (%v)", doc.Change.Open, err)
		}
	}
}

// Of a change that was reopened since, a late word of its end changes nothing.
func TestReopenedBeforeItsEndIsTold(t *testing.T) {
	x := newBranch(t)
	opened := pushed6(0, 61, false)
	closed, again := opened.Change, opened
	closed.Open, again.Action = false, "reopened"
	again.Change.Updated = closed.Updated.Add(2 * time.Second)
	closed.Updated = closed.Updated.Add(time.Second)
	x.changes[6] = again.Change
	for _, e := range []bot.Event{opened, again, bot.ChangeClosed{Change: closed}} {
		x.tell(e)
	}
	if doc, _, err := x.handlers().change(t.Context(), opened.Change.Ref); err != nil || !doc.Change.Open {
		t.Errorf("it is open: %t (%v)", doc.Change.Open, err)
	}
}

// Closed and reopened within one second, and heard in any order.
func TestReopenedInOneSecond(t *testing.T) {
	for _, order := range shuffles(3) {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			x, shown := redDesk(t)
			opened := pushed6(0, 61, false)
			closed, again := opened.Change, opened
			closed.Open, again.Action = false, "reopened"
			x.changes[6] = again.Change
			events := []bot.Event{opened, bot.ChangeClosed{Change: closed}, again}
			for _, i := range order {
				x.show(x.tell(events[i]), shown)
			}
			if doc, _, err := x.handlers().change(t.Context(), opened.Change.Ref); err != nil || !doc.Change.Open || !strings.HasPrefix(shown[teaSHA(61)], "Waiting") {
				t.Errorf("it is open: %t (%v), and shown is %q", doc.Change.Open, err, shown)
			}
		})
	}
}

// Two changes may bring one commit to one branch or two: a check of it is
// about both.
func TestTwoChangesOfOneCommit(t *testing.T) {
	for _, order := range shuffles(3) {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			x, _ := redDesk(t)
			events := []bot.Event{pushed6(0, 61, false), bot.ChangeUpdated{Action: "opened", Change: openChange(7, teaSHA(61))}, passes(x, 61, 6, 7)}
			for _, i := range order {
				x.tell(events[i])
			}
			for _, n := range []int{6, 7} {
				shown := map[bot.SHA]string{}
				x.show(x.tell(bot.JudgeDue{Ref: bot.ChangeRef{Repo: tea, Number: n}}), shown)
				if shown[teaSHA(61)] != "May merge: it repairs main" {
					t.Errorf("on #%d is shown %q", n, shown)
				}
			}
		})
	}
}
