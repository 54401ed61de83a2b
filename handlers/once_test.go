package handlers

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// A captured comment that comes again under a new id does nothing, whatever
// became of it the first time; another comment of the same words does.
func TestACommentIsObeyedOnce(t *testing.T) {
	x := newStreet()
	comment := func(id int64, text string) bot.CommandGiven {
		return bot.CommandGiven{From: bot.FromComment, By: bot.Person{Login: "ann"}, Text: text, At: x.now, Comment: id, Ref: bot.ChangeRef{Repo: tea, Number: 1}}
	}
	refused, staged := comment(1, "/deploy production"), comment(2, "/deploy canary")
	if plan := x.tell(t, refused); answer(plan) == "" {
		t.Fatal("canary comes first, and nobody says so")
	}
	if plan := x.tell(t, staged); len(orders(plan)) != 1 {
		t.Fatalf("it does not begin: %s", answer(plan))
	}
	x.pass(t, time.Minute)
	stop := comment(3, "/abort")
	x.tell(t, stop)
	x.pass(t, time.Minute)
	for _, e := range []bot.CommandGiven{refused, staged, stop} {
		plan := x.tell(t, e)
		if len(plan.Answers)+len(plan.Effects)+len(plan.Docs) != 0 || !slices.Equal(factKinds(plan), []string{"command.repeated"}) {
			t.Errorf("%s again: %+v", e.Text, plan)
		}
	}
	if _, running := x.slot(t); len(running) != 0 {
		t.Errorf("it began again: %+v", running)
	}
	if plan := x.tell(t, comment(4, "/deploy canary")); len(orders(plan)) != 1 {
		t.Errorf("another comment does not begin: %s", answer(plan))
	}
}

// The very delivery may be looked at again, as a replay on paper does.
func TestADeliveryIsNoRepeatOfItself(t *testing.T) {
	k := newDesk()
	e := bot.CommandGiven{From: bot.FromComment, By: bot.Person{Login: "ann"}, Text: "/status", At: teaTime, Comment: 7, Ref: bot.ChangeRef{Repo: tea, Number: 1}}
	if first, second := k.hears(t, teaTime, e), k.hears(t, teaTime, e); answer(first) == "" || answer(second) != answer(first) {
		t.Errorf("first %q, then %q", answer(first), answer(second))
	}
}

// A merge that is told again starts nothing again, and is no second merge in
// the reports.
func TestAMergeIsTakenOnce(t *testing.T) {
	k := newDesk()
	c := openChange(1, teaSHA(1))
	c.Default, c.Open, c.Merged, c.MergeSHA, c.MergedAt = "main", false, true, teaSHA(9), teaTime
	k.hears(t, teaTime, bot.ChangeUpdated{Action: "opened", Change: openChange(1, teaSHA(1))})
	for i, want := range []int{1, 0, 0} {
		plan := k.hears(t, teaTime.Add(time.Duration(i)*time.Hour), bot.ChangeClosed{Change: c, By: bot.Person{Login: "bob"}})
		merged := 0
		for _, kind := range factKinds(plan) {
			if kind == "change.merged" {
				merged++
			}
		}
		if merged != want || i > 0 && len(plan.Docs) != 0 {
			t.Errorf("told for time %d: %s", i+1, fmt.Sprint(factKinds(plan)))
		}
	}
}
