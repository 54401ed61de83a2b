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

func sized(n int, sha bot.SHA, s bot.Size) bot.ChangeUpdated {
	return bot.ChangeUpdated{Action: "opened", Change: openChange(n, sha).Sized(s)}
}

// mostlyLocked is a large change of which ten lines count.
func mostlyLocked() (k strict, e bot.ChangeUpdated) {
	k = strict{newDesk()}
	k.changed = map[bot.SHA][]bot.ChangedFile{teaSHA(5): {{Path: "go.sum", Status: "modified", Added: 890}, {Path: "a.go", Status: "modified", Added: 10}}}
	return k, sized(5, teaSHA(5), bot.Size{Added: 900, Files: 2})
}

// A large change is looked at once for each head, and again for who asks; a
// small one never.
func TestLinesAreCountedOnceAndWhereTotalsDoNotDecide(t *testing.T) {
	k, large := mostlyLocked()
	for i, c := range []struct {
		e             bot.Event
		title         string
		listed, trees int
	}{
		{sized(6, teaSHA(6), bot.Size{Added: 100, Files: 3}), "100 lines - the target is 20", 0, 0},
		{large, "10 lines count, 890 do not", 1, 1},
		{bot.JudgeDue{Ref: large.Change.Ref}, "10 lines count, 890 do not", 1, 1},
		{bot.RecheckAsked{Repo: tea, SHA: teaSHA(5), Changes: []int{5}}, "10 lines count, 890 do not", 2, 1},
	} {
		if title, _, err := k.judge(t, c.e); title != c.title || err != nil || k.listed != c.listed || k.trees != c.trees {
			t.Errorf("%d: %q, %v; listed %d times, %d trees", i, title, err, k.listed, k.trees)
		}
	}
}

func TestAttributesOfTheBaseAreAsked(t *testing.T) {
	k, e := mostlyLocked()
	k.attributes = []bot.AttributesFile{{Path: ".gitattributes", ID: "1", Text: "go.sum -linguist-generated\n"}}
	if title, _, err := k.judge(t, e); title != "900 lines - the limit here is 400" || err != nil {
		t.Errorf("%q, %v", title, err)
	}
}

// A push says what it touches: the attributes of its head are known where it
// touches none, and are read where it may have.
func TestPushesTellOfAttributes(t *testing.T) {
	for name, c := range map[string]struct {
		push  bot.Pushed
		trees int
	}{
		"touches none":         {bot.Pushed{Before: teaSHA(1), After: teaSHA(2), Paths: []string{"a.go", "gitattributes"}}, 1},
		"touches one":          {bot.Pushed{Before: teaSHA(1), After: teaSHA(2), Paths: []string{"x/.gitattributes"}}, 2},
		"forced":               {bot.Pushed{Before: teaSHA(1), After: teaSHA(2), Forced: true}, 2},
		"one before was lost":  {bot.Pushed{Before: teaSHA(9), After: teaSHA(2)}, 2},
		"too many to be named": {bot.Pushed{Before: teaSHA(1), After: teaSHA(2), Commits: make([]bot.Commit, 2048)}, 2},
		"of another branch":    {bot.Pushed{Before: teaSHA(1), After: teaSHA(2), Branch: "topic"}, 2},
	} {
		k, e := mostlyLocked()
		e.Change.Base, k.head = teaSHA(1), teaSHA(1)
		if _, _, err := k.judge(t, e); err != nil || k.trees != 1 {
			t.Fatal(name, err, k.trees)
		}
		k.head = teaSHA(2)
		c.push.Repo = tea
		if c.push.Branch == "" {
			c.push.Branch = "main"
		}
		_, _, err := k.judge(t, c.push)
		next := sized(7, teaSHA(7), bot.Size{Added: 900, Files: 2})
		next.Change.Base = teaSHA(2)
		if _, _, failed := k.judge(t, next); err != nil || failed != nil || k.trees != c.trees {
			t.Errorf("%s: %d trees listed, want %d; %v, %v", name, k.trees, c.trees, err, failed)
		}
	}
}

// What a push brings counts for each change that is open, also where it began
// before it; and a push that leaves them alone has nobody judged again.
func TestNewAttributesCountForOpenChanges(t *testing.T) {
	for name, c := range map[string]struct {
		push        bot.Pushed
		counts      string
		judgedAgain bool
	}{
		"touches none": {bot.Pushed{Before: teaSHA(1), After: teaSHA(2), Paths: []string{"a.go"}}, "10 lines count, 890 do not", false},
		"touches one":  {bot.Pushed{Before: teaSHA(1), After: teaSHA(2), Paths: []string{".gitattributes"}}, "900 lines - the limit here is 400", true},
		"forced":       {bot.Pushed{Before: teaSHA(1), After: teaSHA(2), Forced: true}, "900 lines - the limit here is 400", true},
		"one was lost": {bot.Pushed{Before: teaSHA(9), After: teaSHA(2)}, "900 lines - the limit here is 400", true},
	} {
		k, e := mostlyLocked()
		e.Change.Base, k.head = teaSHA(1), teaSHA(1)
		if _, _, err := k.judge(t, e); err != nil {
			t.Fatal(name, err)
		}
		k.attributes, k.head = []bot.AttributesFile{{Path: ".gitattributes", ID: "1", Text: "go.sum -linguist-generated\n"}}, teaSHA(2)
		c.push.Repo, c.push.Branch = tea, "main"
		plan := k.heardAt(t, teaTime, c.push)
		again := slices.ContainsFunc(plan.Timers, func(w bot.Timer) bool {
			all, ok := w.Event.(bot.JudgeAllDue)
			return ok && all.Base == "main" && strings.HasPrefix(all.Why, "attributes/")
		})
		if title, _, err := k.judge(t, bot.JudgeDue{Ref: e.Change.Ref}); title != c.counts || again != c.judgedAgain || err != nil {
			t.Errorf("%s: %q, judged again: %t, %v", name, title, again, err)
		}
	}
}

// A change that began before all heads that are remembered is counted by what
// the branch has now, and a day later by what it has then.
func TestAttributesAreThoseOfNow(t *testing.T) {
	k, e := mostlyLocked()
	e.Change.Base, k.head, e.Change.Updated = teaSHA(1), teaSHA(99), teaTime
	k.attributes = []bot.AttributesFile{{Path: ".gitattributes", ID: "1", Text: "go.sum -linguist-generated\n"}}
	if title, _, err := k.judge(t, e); title != "900 lines - the limit here is 400" || err != nil {
		t.Errorf("%q, %v", title, err)
	}
	var d attributesDoc
	if _, err := k.Doc(t.Context(), attributesKey(tea, "main"), &d); err != nil || d.Tip != teaSHA(99) || len(d.Heads) != 2 {
		t.Errorf("%+v, %v", d, err)
	}
	k.attributes, k.treeErr = []bot.AttributesFile{}, errors.New("502")
	due := bot.JudgeDue{Ref: e.Change.Ref}
	if title := batchOf(k.heardAt(t, teaTime.Add(24*time.Hour), due)); title != "900 lines - the limit here is 400" {
		t.Errorf("a day later, and GitHub is away: %q", title)
	}
	k.treeErr = nil
	if title := batchOf(k.heardAt(t, teaTime.Add(24*time.Hour), due)); title != "10 lines count, 890 do not" {
		t.Errorf("a day later: %q", title)
	}
}

// Where the attributes cannot be read, what they might speak against counts.
func TestUnreadableAttributesLeaveNothingOut(t *testing.T) {
	k, e := mostlyLocked()
	k.treeErr = bot.Permanent{Err: errors.New("the tree is too large")}
	if title, _, err := k.judge(t, e); title != "Up to 900 lines - the limit here is 400" || err != nil {
		t.Errorf("%q, %v", title, err)
	}
	k, e = mostlyLocked()
	for i := range 2 {
		k.attributes = append(k.attributes, bot.AttributesFile{Path: fmt.Sprintf("%d/.gitattributes", i), ID: fmt.Sprint(i), Text: string(make([]byte, 257<<10))})
	}
	if title, _, err := k.judge(t, e); title != "Up to 900 lines - the limit here is 400" || err != nil {
		t.Errorf("%q, %v", title, err)
	}
}

// What cannot be looked at now is judged by its totals, and looked at later.
func TestWhatCannotBeListedIsJudgedByItsTotals(t *testing.T) {
	for name, hinder := range map[string]func(k strict){
		"no answer":     func(k strict) { k.listErr = errors.New("502") },
		"another head":  func(k strict) { k.another = teaSHA(5) },
		"no attributes": func(k strict) { k.treeErr = errors.New("502") },
	} {
		k, e := mostlyLocked()
		hinder(k)
		if title, conclusion, err := k.judge(t, e); title != "Up to 900 lines - the limit here is 400" || conclusion != bot.Failure || err != nil {
			t.Errorf("%s: %q, %v", name, title, err)
		}
		k.listErr, k.another, k.treeErr = nil, "", nil
		if title, _, err := k.judge(t, bot.JudgeDue{Ref: e.Change.Ref, Why: "lines"}); title != "10 lines count, 890 do not" || err != nil {
			t.Errorf("%s, later: %q, %v", name, title, err)
		}
	}
	k, e := mostlyLocked()
	k.listErr = bot.RetryAfter{After: time.Minute, Err: errors.New("rate limit reached")}
	if title, _, err := k.judge(t, e); title != "" || !errors.Is(err, k.listErr) {
		t.Errorf("%q, %v", title, err)
	}
}

// It is looked at five times at most, and once where no second look helps.
func TestLinesAreNotAskedForEver(t *testing.T) {
	for never, most := range map[bool]int{false: 5, true: 1} {
		k, e := mostlyLocked()
		k.listErr = errors.New("502")
		if never {
			k.listErr = bot.Permanent{Err: k.listErr}
		}
		var next bot.Event = e
		asked := 0
		for next != nil && asked < 10 {
			asked++
			next = k.wakes(t, next)
		}
		if asked != most || k.listed != most {
			t.Errorf("asked %d times, listed %d", asked, k.listed)
		}
	}
}

// wakes hears an event, and answers what has the lines counted again.
func (k strict) wakes(t *testing.T, e bot.Event) (next bot.Event) {
	for _, handler := range k.blocking().All() {
		plan, _, err := handler.Handle(t.Context(), bot.Delivery[bot.Event]{ID: "d", At: teaTime, Event: e})
		if err != nil {
			t.Fatal(err)
		}
		k.keep(t, plan)
		for _, timer := range plan.Timers {
			if due, ok := timer.Event.(bot.JudgeDue); ok && due.Why == "lines" {
				next = due
			}
		}
	}
	return next
}
