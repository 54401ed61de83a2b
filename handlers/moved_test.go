package handlers

import (
	"errors"
	"slices"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// line is what is known of main's commits.
func (x *branch) line() []bot.SHA {
	x.t.Helper()
	b, err := x.handlers().build(x.t.Context(), tea, "main")
	if err != nil {
		x.t.Fatal(err)
	}
	return b.Line
}

// TestAPushThatIsToldAgainMovesNothing: whoever captured a webhook can send it
// again under a new id. The branch stays where GitHub says that it is.
func TestAPushThatIsToldAgainMovesNothing(t *testing.T) {
	push := func(before, after int, forced bool) bot.Pushed {
		return bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(before), After: teaSHA(after), Forced: forced}
	}
	x := newBranch(t)
	x.tell(push(1, 2, false))
	x.ran("unit", 2, bot.Failure)
	x.head = teaSHA(1)
	x.tell(push(2, 1, true)) // the fault is taken off
	x.tell(push(1, 3, false))
	x.ran("unit", 3, bot.Success)
	x.ran("build", 3, bot.Success)
	x.head = teaSHA(3)
	want := []bot.SHA{teaSHA(1), teaSHA(3)}
	for name, again := range map[string]bot.Pushed{
		"the forced one":                push(2, 1, true),
		"one to what was taken off":     push(1, 2, false),
		"one from long ago":             push(80, 81, false),
		"one to a fault, from the head": push(3, 2, false),
	} {
		x.tell(again)
		x.ran("unit", 2, bot.Failure)
		if got := x.line(); !slices.Equal(got, want) || x.health() != policies.Green {
			t.Errorf("%s: main is %s, its line %v", name, x.health(), got)
		}
	}
}

// TestAPushThatWasMissed: the next one asks GitHub where the branch is.
func TestAPushThatWasMissed(t *testing.T) {
	x := newBranch(t)
	x.head = teaSHA(4)
	x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(2), After: teaSHA(3)})
	if got := x.line(); !slices.Equal(got, []bot.SHA{teaSHA(1), teaSHA(4)}) {
		t.Errorf("two pushes on, the line is %v", got)
	}
	x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(4), After: teaSHA(5)})
	if got := x.line(); !slices.Equal(got, []bot.SHA{teaSHA(1), teaSHA(4), teaSHA(5)}) {
		t.Errorf("it goes on with %v", got)
	}
}

// TestAForcedPushWhileGitHubIsAway is tried again and saves nothing.
func TestAForcedPushWhileGitHubIsAway(t *testing.T) {
	x := newBranch(t)
	x.headErr = errors.New("502")
	e := bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(1), After: teaSHA(2), Forced: true}
	d := bot.Delivery[bot.Pushed]{ID: "d", At: x.now, Event: e}
	if _, err := x.handlers().pushed(t.Context(), d); !errors.Is(err, x.headErr) {
		t.Errorf("it says %v", err)
	}
	x.headErr = bot.ErrNotFound
	x.tell(e)
	if got := x.line(); !slices.Equal(got, []bot.SHA{teaSHA(1)}) {
		t.Errorf("the branch is gone, and its line is %v", got)
	}
}
