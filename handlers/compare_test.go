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

// day is what happened at GitHub: the events in their order, and how it is now.
type day struct {
	events  []bot.Event
	changes map[int]bot.Change
	runs    map[bot.SHA][]bot.CheckRun
	pushes  []bot.Pushed
	minute  int
}

func newDay() *day { return &day{changes: map[int]bot.Change{}, runs: map[bot.SHA][]bot.CheckRun{}} }

func (d *day) at() time.Time {
	d.minute++
	return teaTime.Add(time.Duration(d.minute) * time.Minute)
}

// change is what somebody did to a change.
func (d *day) change(n int, action string, do func(*bot.Change)) {
	c, ok := d.changes[n]
	if !ok {
		c = openChange(n, teaSHA(n*100))
		c.HeadRef, c.Default, c.Added, c.Files = fmt.Sprint("topic-", n), "main", 10*n, 1
	}
	before := c.Head
	do(&c)
	if c.Updated = d.at(); c.Opened.IsZero() {
		c.Opened = c.Updated
	}
	d.changes[n] = c
	if action == "closed" {
		d.events = append(d.events, bot.ChangeClosed{Change: c, By: c.MergedBy})
		return
	}
	e := bot.ChangeUpdated{Action: action, Change: c, By: bot.Person{Login: "bob"}}
	if action == "synchronize" {
		e.Before = before
	}
	d.events = append(d.events, e)
}

// ran is a check that ended on main or on the head of a change.
func (d *day) ran(check string, sha bot.SHA, conclusion string, changes ...int) {
	at := d.at()
	run := bot.CheckRun{ID: int64(d.minute), App: 1, Name: check, SHA: sha, Status: bot.Completed, Conclusion: conclusion, Started: at.Add(-time.Second), Completed: at}
	d.runs[sha] = append(slices.DeleteFunc(d.runs[sha], func(r bot.CheckRun) bool { return r.Name == check }), run)
	e := bot.CheckReported{Repo: tea, Changes: changes, Run: run}
	if len(changes) == 0 {
		e.Branch = "main"
	}
	d.events = append(d.events, e)
}

func (d *day) push(before, after int) {
	p := bot.Pushed{
		Repo: tea, Branch: "main", Default: true, Before: teaSHA(before), After: teaSHA(after), By: bot.Person{Login: "bob"},
		Commits: []bot.Commit{{SHA: teaSHA(after), Tree: fmt.Sprint("tree-", after)}},
	}
	d.pushes, d.events = append(d.pushes, p), append(d.events, p)
}

func mergedAs(sha int) func(*bot.Change) {
	return func(c *bot.Change) {
		c.Open, c.Merged, c.MergeSHA, c.MergedBy = false, true, teaSHA(sha), bot.Person{Login: "bob"}
		c.MergedAt = teaTime.Add(time.Duration(sha) * time.Hour)
	}
}

func unchanged(*bot.Change) {}

// aDay with all that may be lost without a trace.
func aDay() *day {
	d := newDay()
	d.ran("build", teaSHA(1), bot.Success)
	d.ran("unit", teaSHA(1), bot.Success)
	for n := 1; n <= 5; n++ {
		d.change(n, "opened", unchanged)
	}
	d.change(1, "synchronize", func(c *bot.Change) { c.Head = teaSHA(101) })
	d.change(1, "synchronize", func(c *bot.Change) { c.Head, c.Added = teaSHA(102), 700 })
	d.change(2, "labeled", func(c *bot.Change) { c.Labels = []string{"hotfix"} })
	d.change(3, "closed", func(c *bot.Change) { c.Open = false })
	d.change(3, "reopened", func(c *bot.Change) { c.Open = true })
	d.change(4, "closed", func(c *bot.Change) { c.Open = false })
	d.ran("build", teaSHA(102), bot.Success, 1)
	d.ran("unit", teaSHA(102), bot.Failure, 1)
	d.ran("unit", teaSHA(102), bot.Success, 1)
	d.change(5, "closed", mergedAs(2))
	d.push(1, 2)
	d.ran("build", teaSHA(2), bot.Success)
	d.ran("unit", teaSHA(2), bot.Failure)
	d.change(2, "edited", func(c *bot.Change) { c.Title = "Another title" })
	return d
}

// listener is a bot that hears of a day, and a GitHub as it is at its end.
type listener struct {
	*branch
	day    *day
	rang   map[string]bool
	wrote  map[string]string
	asked  int
	err    error // of the list of open changes
	listed int   // with it come so many
}

func newListener(t *testing.T, d *day) *listener {
	x := &listener{branch: &branch{desk: newDesk(), t: t, now: teaTime.Add(24 * time.Hour)}, day: d, rang: map[string]bool{}, wrote: map[string]string{}}
	x.required, x.changes = []string{"build", "unit"}, d.changes
	x.keep(t, bot.Plan{Docs: []bot.Doc{bot.Compared{Repo: tea, Closed: teaTime}}})
	x.hear(bot.Pushed{Repo: tea, Branch: "main", Default: true, After: teaSHA(1)})
	return x
}

// hear an event and what it wakes at once.
func (x *listener) hear(e bot.Event) {
	x.t.Helper()
	h := x.handlers()
	h.GitHub = x
	for queue := []bot.Event{e}; len(queue) > 0; queue = queue[1:] {
		var all bot.Plan
		for _, handler := range h.All() {
			plan, _, err := handler.Handle(x.t.Context(), bot.Delivery[bot.Event]{ID: "d", At: x.now, Event: queue[0]})
			if err != nil {
				x.t.Fatalf("%s: %v", handler.Name, err)
			}
			all.Join(plan)
		}
		x.keep(x.t, all)
		for _, e := range slices.Concat(all.Effects, all.Answers) {
			body, _ := json.Marshal(e)
			x.wrote[e.Kind()+" "+e.Key()] = string(body)
		}
		for _, timer := range all.Timers {
			if seen := strings.HasPrefix(timer.ID, "seen/"); !timer.At.After(x.now) && (!seen || !x.rang[timer.ID]) {
				x.rang[timer.ID] = x.rang[timer.ID] || seen
				queue = append(queue, timer.Event)
			}
		}
	}
}

func (x *listener) Head(context.Context, bot.RepoRef, string) (bot.SHA, error) {
	x.asked++
	if n := len(x.day.pushes); n > 0 {
		return x.day.pushes[n-1].After, nil
	}
	return teaSHA(1), nil
}

func (x *listener) Pushes(_ context.Context, _ bot.RepoRef, _ string, known bot.SHA, _ ...string) ([]bot.Pushed, error) {
	x.asked += 2
	if i := slices.IndexFunc(x.day.pushes, func(p bot.Pushed) bool { return p.Before == known }); i >= 0 {
		return slices.Clone(x.day.pushes[i:]), nil
	}
	return nil, nil
}

func (x *listener) Checks(_ context.Context, _ bot.RepoRef, sha bot.SHA) ([]bot.CheckRun, error) {
	x.asked += 2
	return x.day.runs[sha], nil
}

func (x *listener) Change(ctx context.Context, ref bot.ChangeRef) (bot.Change, error) {
	x.asked++
	return x.desk.Change(ctx, ref)
}

func (x *listener) Closed(context.Context, bot.RepoRef) (closed []bot.Change, err error) {
	x.asked++
	for _, c := range x.day.changes {
		c.HasTotals, c.Added, c.Files, c.MergedBy = false, 0, 0, bot.Person{}
		if !c.Open {
			closed = append(closed, c)
		}
	}
	slices.SortFunc(closed, func(a, b bot.Change) int { return b.Updated.Compare(a.Updated) })
	return closed, nil
}

func (x *listener) OpenChanges(context.Context, bot.RepoRef, string, int) (open []bot.Change, err error) {
	x.asked++
	for _, c := range x.day.changes {
		if c.HasTotals, c.Added, c.Files = false, 0, 0; c.Open {
			open = append(open, c)
		}
	}
	slices.SortFunc(open, func(a, b bot.Change) int { return a.Ref.Number - b.Ref.Number })
	if x.err != nil {
		open = open[:x.listed]
	}
	return open, x.err
}

// knows is all that it keeps, but for how it came to know, and what it wrote
// last. Which heads a change had before, what ran on them, and what was shown on
// one that is closed may stay unknown: nothing is decided by it.
func (x *listener) knows() string {
	x.t.Helper()
	var b strings.Builder
	live := map[bot.SHA]bool{teaSHA(1): true}
	gone := map[string]bool{}
	for _, c := range x.day.changes {
		live[c.Head], live[c.MergeSHA] = c.Open, true
		gone["branch/"+tea.Key()+"/"+c.HeadRef] = !c.Open
	}
	for _, key := range slices.Sorted(keysOf(x.docs)) {
		var doc map[string]any
		if err := json.Unmarshal(x.docs[key], &doc); err != nil {
			x.t.Fatal(err)
		}
		kind, _, _ := strings.Cut(key, "/")
		delete(doc, "heads")
		if c, ok := doc["change"].(map[string]any); ok {
			delete(c, "updated") // closed and reopened, or commented on: all else is as it was
			if c["open"] != true {
				delete(doc, "shown")
				delete(doc, "holds")
			}
		}
		sha, _ := doc["sha"].(string)
		if kind == "compared" || gone[key] || kind == "head" && !live[bot.SHA(sha)] {
			continue
		}
		body, _ := json.Marshal(doc)
		fmt.Fprintln(&b, key, string(body))
	}
	for _, key := range slices.Sorted(keysOf(x.wrote)) {
		if live[shaIn(key)] || shaIn(key) == "" {
			fmt.Fprintln(&b, key, x.wrote[key])
		}
	}
	return b.String()
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// shaIn the key of an effect; empty: it is about no commit.
func shaIn(key string) bot.SHA {
	for _, part := range strings.FieldsFunc(key, func(r rune) bool { return strings.ContainsRune(" /@#", r) }) {
		if len(part) == 40 {
			return bot.SHA(part)
		}
	}
	return ""
}

// TestAnyLossEndsTheSame: of a day's events a fifth is lost, some come twice and
// all in any order; one comparison with GitHub ends in the same documents and
// the same that was written last as when each came once and in its order.
//
// More: go test ./handlers -run TestAnyLossEndsTheSame -shuffles 100000
func TestAnyLossEndsTheSame(t *testing.T) {
	d := aDay()
	whole := newListener(t, d)
	for _, e := range d.events {
		whole.hear(e)
	}
	whole.hear(bot.CompareDue{Repo: tea})
	want := whole.knows()
	if doc := whole.compared(); doc.Seen != 0 || doc.Trouble != "" {
		t.Fatalf("nothing was lost, and yet: %+v\n%v", doc, whole.rang)
	}
	const parts = 4
	for part := range parts {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			lost := 0
			for seed := part; seed < *shuffled; seed += parts {
				x := newListener(t, d)
				lost += x.roughly(rand.New(rand.NewPCG(uint64(seed), 1)))
				x.hear(bot.CompareDue{Repo: tea})
				if got := x.knows(); got != want {
					t.Fatalf("seed %d:\n%s", seed, differs(got, want))
				}
			}
			if lost < *shuffled/parts*2 {
				t.Errorf("only %d were lost", lost)
			}
		})
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
	if _, err := x.Doc(x.t.Context(), bot.Compared{Repo: tea}.DocKey(), &doc); err != nil {
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
