package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

var shuffled = flag.Int("shuffles", 300, "orders, repeats and losses of recorded events that TestAnyLossEndsTheSame tries")

// TestAnyLossEndsTheSame: of a day's events a fifth is lost, some come twice and
// all in any order; one comparison with GitHub ends in the same documents and
// the same that was written last as when each came once and in its order. The
// days are one that has all that may be lost, and those that were recorded.
//
// More: go test ./handlers -run TestAnyLossEndsTheSame -shuffles 1000000
func TestAnyLossEndsTheSame(t *testing.T) {
	days := recordedDays(t)
	days["all that may be lost"] = aDay()
	for name, d := range days {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d.anyLoss(t, *shuffled/len(days)+1)
		})
	}
}

// anyLoss hears of a day in so many ways.
func (d *day) anyLoss(t *testing.T, ways int) {
	whole := newListener(t, d)
	for _, e := range d.events {
		whole.hear(e)
	}
	whole.hear(bot.CompareDue{Repo: d.repo})
	want := whole.knows()
	if doc := whole.compared(); doc.Seen != 0 || doc.Trouble != "" {
		t.Fatalf("nothing was lost, and yet: %+v\n%v", doc, whole.rang)
	}
	lost := 0
	for seed := range ways {
		x := newListener(t, d)
		lost += x.roughly(rand.New(rand.NewPCG(uint64(seed), 1)))
		x.hear(bot.CompareDue{Repo: d.repo})
		if got := x.knows(); got != want {
			t.Fatalf("seed %d:\n%s", seed, differs(got, want))
		}
	}
	if lost < ways {
		t.Errorf("only %d were lost", lost)
	}
}

// roughly hears of a day, and says how many events were lost.
func (x *listener) roughly(chance *rand.Rand) (lost int) {
	var way []bot.Event
	for _, e := range x.day.events {
		switch n := chance.IntN(10); {
		case n < 2:
			lost++
			continue
		case n < 4:
			way = append(way, e)
		}
		way = append(way, e)
	}
	chance.Shuffle(len(way), func(i, j int) { way[i], way[j] = way[j], way[i] })
	for _, e := range way {
		x.hear(e)
	}
	return lost
}

func differs(got, want string) string {
	var b strings.Builder
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for _, line := range g {
		if !slices.Contains(w, line) {
			fmt.Fprintln(&b, "got ", line)
		}
	}
	for _, line := range w {
		if !slices.Contains(g, line) {
			fmt.Fprintln(&b, "want", line)
		}
	}
	return b.String()
}

func (x *listener) compared() (doc bot.Compared) {
	x.t.Helper()
	if _, err := x.Doc(x.t.Context(), bot.Compared{Repo: x.day.repo}.DocKey(), &doc); err != nil {
		x.t.Fatal(err)
	}
	return doc
}

// TestAllWasLost: nothing but the first push was heard.
func TestAllWasLost(t *testing.T) {
	d := aDay()
	x := newListener(t, d)
	x.hear(bot.CompareDue{Repo: tea})
	open, err := x.handlers().openChanges(t.Context(), tea, "")
	if err != nil || len(open) != 3 || x.health() != policies.Red {
		t.Errorf("%d are open and main is %s (%v)", len(open), x.health(), err)
	}
	asked := x.asked
	x.hear(bot.CompareDue{Repo: tea})
	if doc := x.compared(); x.asked-asked > 20 || doc.Trouble != "" {
		t.Errorf("the second time GitHub is asked %d times: %+v", x.asked-asked, doc)
	}
}

// TestAListThatBreaksOff: what came of it is compared, and nobody who is not on
// it is taken for closed; that it broke off is shown until it does no more.
func TestAListThatBreaksOff(t *testing.T) {
	d := newDay()
	for n := 1; n <= 3; n++ {
		d.change(n, "opened", unchanged)
	}
	x := newListener(t, d)
	x.hear(d.events[2])
	x.err, x.listed = bot.Away{Who: "GitHub", Err: errors.New("took too long")}, 1
	x.hear(bot.CompareDue{Repo: tea})
	open, _ := x.handlers().openChanges(t.Context(), tea, "")
	if doc := x.compared(); len(open) != 2 || doc.Trouble != "took too long" || !doc.Since.Equal(x.now) {
		t.Errorf("%d are open: %+v", len(open), doc)
	}
	x.err = nil
	x.hear(bot.CompareDue{Repo: tea})
	open, _ = x.handlers().openChanges(t.Context(), tea, "")
	if doc := x.compared(); len(open) != 3 || doc.Trouble != "" || !doc.Since.IsZero() {
		t.Errorf("%d are open: %+v", len(open), doc)
	}
}

// TestComparingHasABudget: what its requests do not suffice for is next in turn.
func TestComparingHasABudget(t *testing.T) {
	d := newDay()
	for n := 1; n <= 100; n++ {
		d.change(n, "opened", unchanged)
		d.ran("build", teaSHA(n*100), bot.Success, n)
	}
	x := newListener(t, d)
	for i := range 12 {
		asked := x.asked
		x.hear(bot.CompareDue{Repo: tea})
		if n := x.asked - asked; n > mostAsked+3 {
			t.Fatalf("GitHub is asked %d times the %d. time", n, i+1)
		}
	}
	var head headDoc
	for n := 1; n <= 100; n++ {
		if _, err := x.Doc(t.Context(), headKey(tea, teaSHA(n*100)), &head); err != nil || head.Runs["build"].Conclusion != bot.Success {
			t.Fatalf("of the check on #%d nothing is known (%v)", n, err)
		}
	}
}

// TestWhoIsCompared: each repository that we know, and of too many each in turn.
func TestWhoIsCompared(t *testing.T) {
	p := newPost(t)
	for i := range mostCompared + 50 {
		body, _ := json.Marshal(settingsDoc{Repo: bot.RepoRef{Installation: 1, ID: int64(i + 1), Name: "acme/x"}})
		p.docs[fmt.Sprintf("settings/1/%04d", i+1)] = body
	}
	times := map[string]int{}
	for range 2 {
		p.look(bot.CatchUpDue{Look: true})
		for _, w := range p.wakes {
			if _, ok := w.Event.(bot.CompareDue); ok {
				times[w.Event.Subject()]++
			}
		}
	}
	if len(times) != mostCompared+50 {
		t.Errorf("in two hours %d were compared", len(times))
	}
}

// countsLists counts how often the list of open changes is read.
type countsLists struct {
	Store
	times int
}

func (c *countsLists) Held(ctx context.Context, prefix string, doc func() interface{ SetVersion(int) }) error {
	if strings.HasPrefix(prefix, "open/") {
		c.times++
	}
	return c.Store.Held(ctx, prefix, doc)
}

// TestOpenChangesAreReadOnce, of one comparison: it may meet thousands of them.
func TestOpenChangesAreReadOnce(t *testing.T) {
	x := newListener(t, aDay())
	h := x.handlers()
	lists := &countsLists{Store: h.Store}
	h.Store, h.GitHub = lists, x
	if _, err := h.compareDue(t.Context(), bot.Delivery[bot.CompareDue]{Event: bot.CompareDue{Repo: tea}, At: x.now}); err != nil || lists.times != 1 {
		t.Errorf("the list was read %d times (%v)", lists.times, err)
	}
}

// TestAFileThatCannotBeRead: what else was lost is found all the same.
func TestAFileThatCannotBeRead(t *testing.T) {
	x := newListener(t, aDay())
	x.fileErr = errors.New("reset by peer")
	x.hear(bot.CompareDue{Repo: tea})
	open, _ := x.handlers().openChanges(t.Context(), tea, "")
	if doc := x.compared(); !strings.Contains(doc.Trouble, "reset by peer") || len(open) != 3 || x.health() != policies.Red {
		t.Errorf("%d are open and main is %s: %+v", len(open), x.health(), doc)
	}
}

// TestTheFileOfTheDefaultBranch: it is GitHub that says which branch this is,
// and not a custom, by which a stray main would be it.
func TestTheFileOfTheDefaultBranch(t *testing.T) {
	d := newDay()
	x := newListener(t, d)
	x.file, x.main = "another file", "trunk"
	d.pushes = []bot.Pushed{{Repo: tea, Branch: "trunk", After: teaSHA(7)}}
	x.hear(bot.CompareDue{Repo: tea})
	if !x.rang["seen/"+tea.Key()+"/file/"+string(teaSHA(7))+"/1"] {
		t.Errorf("no push of trunk's head was seen: %v", x.rang)
	}
}

// TestTheDefaultBranchIsAskedForOnce, also where the answer is an error, and not
// when no more may be asked.
func TestTheDefaultBranchIsAskedForOnce(t *testing.T) {
	d := newDay()
	d.pushes = []bot.Pushed{{Repo: tea, Branch: "main", Before: d.first, After: teaSHA(7)}}
	for name, tc := range map[string]struct {
		err   error
		left  int
		asked int
	}{"it is not told": {errors.New("502"), mostAsked, 1}, "no more may be asked": {nil, 0, 0}} {
		t.Run(name, func(t *testing.T) {
			x := newListener(t, d)
			x.mainErr = tc.err
			h := x.handlers()
			h.GitHub = x
			c := comparison{Handlers: h, doc: bot.Compared{Repo: tea}, now: x.now, left: tc.left, plan: &bot.Plan{}}
			for range 2 {
				if _, ok, err := c.defaultBranch(t.Context()); ok || !errors.Is(err, tc.err) {
					t.Errorf("%v, %v", ok, err)
				}
			}
			if x.askedMain != tc.asked {
				t.Errorf("it was asked for %d times", x.askedMain)
			}
		})
	}
}

// TestWhoeverIsToldToComeLaterAsksNoMore: each other part would be told the same.
func TestWhoeverIsToldToComeLaterAsksNoMore(t *testing.T) {
	d := newDay()
	d.pushes = []bot.Pushed{{Repo: tea, Branch: "main", Before: d.first, After: teaSHA(7)}}
	for name, tc := range map[string]struct {
		err  error
		more bool
	}{"a limit": {bot.RetryAfter{After: time.Hour, Err: errors.New("403")}, false}, "trouble": {errors.New("502"), true}} {
		x := newListener(t, d)
		x.file, x.mainErr = "another file", tc.err // its file is read, and its default branch asked for
		x.asked = 0
		x.hear(bot.CompareDue{Repo: tea})
		if doc := x.compared(); doc.Trouble == "" || x.asked > 2 != tc.more {
			t.Errorf("%s: %d requests, and %q", name, x.asked, doc.Trouble)
		}
	}
}
