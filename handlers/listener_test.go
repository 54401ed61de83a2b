package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// listener is a bot that hears of a day, and a GitHub as it is at its end.
type listener struct {
	*branch
	day    *day
	rang   map[string]bool
	wrote  map[string]string
	asked  int
	main   string // the default branch
	err    error  // of the list of open changes
	listed int    // with it come so many

	mainErr   error // of the default branch
	askedMain int
}

func newListener(t *testing.T, d *day) *listener {
	x := &listener{branch: &branch{desk: newDesk(), t: t, now: teaTime.Add(24 * time.Hour)}, day: d, main: "main", rang: map[string]bool{}, wrote: map[string]string{}}
	x.required, x.changes = []string{"build", "unit"}, d.changes
	x.keep(t, bot.Plan{Docs: []bot.Doc{bot.Compared{Repo: d.repo, Closed: teaTime}}})
	x.hear(bot.Pushed{Repo: d.repo, Branch: "main", Default: true, After: d.first})
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

// to are the pushes to a branch.
func (d *day) to(branch string) []bot.Pushed {
	return slices.DeleteFunc(slices.Clone(d.pushes), func(p bot.Pushed) bool { return p.Branch != branch })
}

// head of main, at its end.
func (d *day) head() bot.SHA {
	if pushes := d.to("main"); len(pushes) > 0 {
		return pushes[len(pushes)-1].After
	}
	return d.first
}

func (x *listener) Head(_ context.Context, _ bot.RepoRef, branch string) (bot.SHA, error) {
	x.asked++
	if pushes := x.day.to(branch); len(pushes) > 0 {
		return pushes[len(pushes)-1].After, nil
	}
	return x.day.first, nil
}

func (x *listener) DefaultBranch(context.Context, bot.RepoRef) (string, error) {
	x.asked++
	x.askedMain++
	return x.main, x.mainErr
}

func (x *listener) Pushes(_ context.Context, _ bot.RepoRef, branch string, known bot.SHA, _ ...string) ([]bot.Pushed, error) {
	x.asked += 2
	pushes := x.day.to(branch)
	if i := slices.IndexFunc(pushes, func(p bot.Pushed) bool { return p.Before == known }); i >= 0 {
		return pushes[i:], nil
	}
	return nil, nil
}

// Compare lists what a branch got since a commit of it.
func (x *listener) Compare(_ context.Context, _ bot.RepoRef, base, head bot.SHA) (ahead []bot.Commit, err error) {
	for _, p := range x.day.to("main") {
		if p.Before == base || len(ahead) > 0 {
			ahead = append(ahead, bot.Commit{SHA: p.After})
		}
		if p.After == head {
			return ahead, nil
		}
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
// one that is closed may stay unknown: nothing is decided by it. So may, on a day
// of which things were over before its end, what main went through meanwhile.
func (x *listener) knows() string {
	x.t.Helper()
	var b strings.Builder
	live := map[bot.SHA]bool{x.day.first: !x.day.over || x.day.first == x.day.head()}
	gone := map[string]bool{}
	for _, c := range x.day.changes {
		live[c.Head], live[c.MergeSHA] = c.Open, !x.day.over || c.MergeSHA == x.day.head()
		gone["branch/"+x.day.repo.Key()+"/"+c.HeadRef] = !c.Open
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
		if kind == "build" && x.day.over {
			asItIs(doc)
		}
		if kind == "compared" || gone[key] || kind == "head" && !live[bot.SHA(sha)] {
			continue
		}
		body, _ := json.Marshal(doc)
		fmt.Fprintln(&b, key, string(body))
	}
	now := x.incident()
	current := fmt.Sprintf("main/%s/main/%d", x.day.repo.Key(), now.Number)
	oneName := strings.NewReplacer(current, "this incident", fmt.Sprintf("main@%d", now.Number), "this incident")
	for _, key := range slices.Sorted(keysOf(x.wrote)) {
		ofMain := x.day.over && strings.HasPrefix(key, "message ")
		switch {
		case ofMain && now.Health == policies.Red && strings.HasSuffix(key, current):
			fmt.Fprintln(&b, oneName.Replace(key+" "+x.wrote[key]))
		case ofMain:
		case live[shaIn(key)] || shaIn(key) == "":
			fmt.Fprintln(&b, key, x.wrote[key])
		}
	}
	return b.String()
}

// asItIs leaves of a branch's document what is so now.
func asItIs(doc map[string]any) {
	for _, passed := range []string{"number", "line", "left", "runs", "shas", "trees", "steps", "since"} {
		delete(doc, passed)
	}
}

// incident of main, or what is left of the last one.
func (x *listener) incident() policies.Build {
	x.t.Helper()
	b, err := x.handlers().build(x.t.Context(), x.day.repo, "main")
	if err != nil {
		x.t.Fatal(err)
	}
	return b
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
