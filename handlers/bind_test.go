package handlers

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func TestBind(t *testing.T) {
	head := teaSHA(2)
	at := teaTime.Add(500 * time.Millisecond)
	merged := openChange(1, head)
	merged.Open, merged.Merged, merged.MergeSHA = false, true, teaSHA(7)
	unmerged := merged
	unmerged.MergeSHA = ""
	merged.MergedAt = teaTime.Add(-time.Second)
	mergedLater, mergedThen := merged, merged
	mergedLater.MergedAt, mergedThen.MergedAt = teaTime.Add(time.Second), teaTime
	for _, c := range []struct {
		name   string
		change bot.Change
		pushed time.Time
		pusher bot.Login
		named  string
		want   bot.SHA
		says   string
	}{
		{name: "seen before", pushed: at.Add(-time.Minute), want: head},
		{name: "seen a second before", pushed: teaTime.Add(-time.Millisecond), pusher: "ann", want: head},
		{name: "a second before, by somebody else", pushed: teaTime.Add(-time.Second), pusher: "bob", says: "only 1 s before your comment"},
		{name: "30 s before, by somebody else", pushed: teaTime.Add(-30 * time.Second), pusher: "bob", says: "only 30 s before your comment"},
		{name: "31 s before, by somebody else", pushed: teaTime.Add(-31 * time.Second), pusher: "bob", want: head},
		{name: "a second before, by nobody knows whom", pushed: teaTime.Add(-time.Second), says: "not from you"},
		{name: "a second before, by somebody else, and named", pushed: teaTime.Add(-time.Second), pusher: "bob", named: string(head), want: head},
		{name: "a second before, by who asks, written otherwise", pushed: teaTime.Add(-time.Second), pusher: "Ann", want: head},
		{name: "in the same second, by who asks", pushed: teaTime, pusher: "ann", says: "at the time of your comment or after"},
		{name: "in the same second, before", pushed: teaTime, says: "at the time of your comment or after"},
		{name: "in the same second, after", pushed: teaTime.Add(900 * time.Millisecond), says: "at the time"},
		{name: "later", pushed: at.Add(time.Hour), says: "at the time"},
		{name: "GitHub does not remember", says: "does not say when"},
		{name: "named, though later", pushed: at.Add(time.Hour), named: string(head), want: head},
		{name: "named in capitals and short, seen before", pushed: at.Add(-time.Minute), named: strings.ToUpper(string(head[:9])), want: head},
		{name: "named short, though later", pushed: at.Add(time.Hour), named: string(head[:39]), says: "at the time"},
		{name: "another is named", pushed: at.Add(-time.Minute), named: "abc1234", says: "abc1234 is not the commit of #1"},
		{name: "merged", change: merged, want: teaSHA(7)},
		{name: "merged, and named", change: merged, named: string(teaSHA(7)), want: teaSHA(7)},
		{name: "merged, and its head is named", change: merged, named: string(teaSHA(2)), says: "is not the commit"},
		{name: "merged in the same second", change: mergedThen, want: teaSHA(7)},
		{name: "merged later", change: mergedLater, says: "was merged after your comment"},
		{name: "merged later, and named", change: mergedLater, named: string(teaSHA(7)), want: teaSHA(7)},
		{name: "merged later, and named short", change: mergedLater, named: string(teaSHA(7)[:9]), says: "was merged after your comment"},
		{name: "merged, into nobody knows what", change: unmerged, says: "does not say which commit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newDesk()
			if !c.pushed.IsZero() {
				k.pushed[head], k.pushers[head] = c.pushed, c.pusher
			}
			if c.change.Ref.IsZero() {
				c.change = openChange(1, head)
			}
			got, err := k.handlers().bind(t.Context(), c.change, sight{by: "ann", at: at, named: c.named, line: byName})
			var refusal bot.Refusal
			if got != c.want || errors.As(err, &refusal) != (c.says != "") || !strings.Contains(refusal.Message, c.says) {
				t.Errorf("%q, %v; want %q, %q", got, err, c.want, c.says)
			}
			if c.says != "" && refusal.Advice == "" {
				t.Error("it does not say what to do")
			}
		})
	}
	k := newDesk()
	k.noActivity = true
	var refusal bot.Refusal
	if _, err := k.handlers().bind(t.Context(), openChange(1, head), sight{at: at, line: byName}); !errors.As(err, &refusal) || refusal.Advice != byName(head) {
		t.Errorf("a GitHub without that list: %v", err)
	}
	if sha, err := newDesk().handlers().bind(t.Context(), openChange(1, teaSHA(500)), sight{at: at, line: byName}); sha != "" || err == nil || errors.As(err, new(bot.Refusal)) {
		t.Errorf("GitHub did not answer: %q, %v", sha, err)
	}
}

func byName(sha bot.SHA) string { return "/deploy staging @" + string(sha) }

// lane is change 1 as GitHub has it, and what GitHub tells of it, in the order
// in which it came to be.
type lane struct {
	k      *desk
	change bot.Change
	told   []bot.ChangeUpdated
}

func (l *lane) tells(action string, at time.Time, by bot.Login, before bot.SHA) {
	l.change.Updated = at.Truncate(time.Second)
	l.told = append(l.told, bot.ChangeUpdated{Action: action, Change: l.change, Before: before, By: bot.Person{Login: by}})
	l.k.changes[1] = l.change
}

func (l *lane) push(at time.Time, by bot.Login, head bot.SHA) {
	before := l.change.Head
	l.change.Head = head
	l.tells("synchronize", at, by, before)
	l.k.pushed[head], l.k.pushers[head] = l.change.Updated, by
}

// Whatever is pushed when and by whom, and whenever a command is handled: what
// it deploys is what was the head before it was written, and nothing that
// somebody else pushed while it was.
func TestNeverWhatCameAfter(outer *testing.T) {
	rapid.Check(outer, func(t *rapid.T) {
		l := lane{k: newDesk(), change: openChange(1, teaSHA(0))}
		comment := teaTime.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "comment")) * time.Millisecond)
		now, before, fresh := teaTime, teaSHA(0), false
		l.tells("opened", teaTime.Add(-time.Hour), "ann", "")
		l.k.pushed[teaSHA(0)] = l.change.Updated
		for range rapid.IntRange(0, 5).Draw(t, "pushes") {
			now = now.Add(time.Duration(rapid.IntRange(1, 2000).Draw(t, "later")) * time.Millisecond)
			by := rapid.SampledFrom([]bot.Login{"ann", "bob"}).Draw(t, "by")
			head := teaSHA(rapid.IntRange(0, 2).Draw(t, "head"))
			if head == l.change.Head { // that is no push
				continue
			}
			l.push(now, by, head)
			if now.Before(comment) {
				before, fresh = head, by != "ann"
			}
		}
		sha, err := l.k.handlers().bind(t.Context(), l.change, sight{by: "ann", at: comment, line: byName})
		if err == nil && (sha != before || fresh) {
			t.Fatalf("deploys %s, and the head before the comment was %s (of somebody else a moment ago: %v)", sha, before, fresh)
		}
	})
}

// A head that went and came back after the comment was not what its author
// saw, in whichever order we hear of it, and of the one push alone too.
func TestTheHeadThatCameBack(t *testing.T) {
	for name, edited := range map[string]bool{"told in time": false, "something newer is told": true} {
		for _, order := range append(shuffles(3), []int{0, 2}, []int{2, 0}, []int{0, 1}, []int{0}, nil) {
			t.Run(fmt.Sprint(name, order), func(t *testing.T) {
				l := lane{k: newDesk(), change: openChange(1, teaSHA(1))}
				l.tells("opened", teaTime, "bob", "")
				l.push(teaTime.Add(10*time.Minute), "bob", teaSHA(2))
				l.push(teaTime.Add(20*time.Minute), "bob", teaSHA(1))
				told := l.told
				if edited {
					l.k.hears(t, teaTime, told[0])
					l.tells("edited", teaTime.Add(25*time.Minute), "bob", "")
					l.k.hears(t, teaTime, l.told[3])
				}
				for _, i := range order {
					l.k.hears(t, teaTime, told[i])
				}
				plan := l.k.says(t, teaTime.Add(15*time.Minute), "ann", 1, "/deploy staging")
				if got := orders(plan); len(got) != 0 || !strings.Contains(answer(plan), byName(teaSHA(1))) {
					t.Errorf("started %+v: %s", got, answer(plan))
				}
			})
		}
	}
}

// The whole way: pushed to between the comment and its handling.
func TestPushBetweenCommentAndDeploy(t *testing.T) {
	for name, c := range map[string]struct {
		pushed time.Duration // after the comment
		by     bot.Login
		want   int
	}{
		"before": {-time.Minute, "bob", 1}, "in the same second": {0, "ann", 0}, "after": {time.Minute, "bob", 0},
		"just before, by another": {-5 * time.Second, "bob", 0}, "just before, by the same": {-5 * time.Second, "ann", 1},
	} {
		t.Run(name, func(t *testing.T) {
			k := newDesk()
			change := openChange(1, teaSHA(1))
			change.Updated = teaTime.Add(-time.Hour)
			k.hears(t, teaTime, bot.ChangeUpdated{Action: "opened", Change: change})
			change.Head, change.Updated = teaSHA(2), teaTime.Add(c.pushed)
			k.changes[1], k.pushed[teaSHA(2)], k.pushers[teaSHA(2)] = change, change.Updated, c.by
			k.hears(t, teaTime, bot.ChangeUpdated{Action: "synchronize", Change: change, Before: teaSHA(1), By: bot.Person{Login: c.by}})
			plan := k.says(t, teaTime, "ann", 1, "/deploy staging")
			got := orders(plan)
			if len(got) != c.want || len(got) == 1 && got[0].SHA != teaSHA(2) {
				t.Errorf("started %+v: %s", got, answer(plan))
			}
			if c.want == 0 && !strings.Contains(answer(plan), byName(teaSHA(2))) {
				t.Errorf("the answer is %q", answer(plan))
			}
		})
	}
}

func TestWhatIsNeverDeployed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*bot.Change)
		text   string
		says   string
	}{
		"a draft":             {func(c *bot.Change) { c.Draft = true }, "/deploy staging", "draft"},
		"a fork's commit":     {func(c *bot.Change) { c.HeadRepo = 77 }, "/deploy staging", "fork"},
		"of a fork that went": {func(c *bot.Change) { c.HeadRepo = 0 }, "/deploy staging", "fork"},
		"closed":              {func(c *bot.Change) { c.Open = false }, "/deploy staging", "closed"},
		"no such stage":       {nil, "/deploy stagin", "here is no stage `stagin`"},
		"a mention":           {nil, "/deploy @acme/everybody", "`@acme/everybody`"},
		"a stage in markup":   {nil, "/deploy <img/src=x>", "`<img/src=x>`"},
		"no such parameter":   {nil, "/deploy staging colour=red", "declares no parameter `colour`"},
		"no such value":       {nil, "/deploy staging size=$(reboot)", "`size` may be small or large"},
		"a parameter twice":   {nil, "/deploy staging size=small size=large", "given twice"},
		"two stages":          {nil, "/deploy staging production", "do not understand"},
		"another commit":      {nil, "/deploy staging @abcdef1", "is not the commit"},
		"too late":            {nil, "", "after it was written"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newDesk()
			change := openChange(1, teaSHA(1))
			if c.change != nil {
				c.change(&change)
			}
			k.changes[1], k.pushed[teaSHA(1)] = change, teaTime.Add(-time.Hour)
			plan := k.says(t, teaTime, "ann", 1, c.text)
			if c.text == "" {
				plan = k.hears(t, teaTime.Add(time.Hour), bot.CommandGiven{From: bot.FromComment, By: bot.Person{Login: "ann"}, Text: "/deploy staging", At: teaTime, Comment: 3, Ref: change.Ref})
			}
			if len(orders(plan)) > 0 || !strings.Contains(answer(plan), c.says) {
				t.Errorf("started %+v: %s", orders(plan), answer(plan))
			}
		})
	}
}

func TestDeployAndRollback(t *testing.T) {
	k := newDesk()
	k.changes[1], k.pushed[teaSHA(1)] = openChange(1, teaSHA(1)), teaTime.Add(-time.Hour)
	plan := k.says(t, teaTime, "ann", 1, "/deploy production size=small")
	got := orders(plan)
	if len(got) != 1 || got[0].SHA != teaSHA(1) || got[0].Weight != 100 || got[0].Params["size"] != "small" || got[0].Environment != "production" {
		t.Fatalf("started %+v: %s", got, answer(plan))
	}
	if again := k.says(t, teaTime.Add(time.Second), "ann", 1, "/deploy production"); len(orders(again)) != 0 || !strings.Contains(answer(again), "roduction is taken") {
		t.Errorf("started beside it %+v: %s", orders(again), answer(again))
	}
	plan = k.says(t, teaTime.Add(2*time.Second), "ann", 1, "/rollback")
	aborted := false
	for _, e := range plan.Answers {
		abort, ok := e.(bot.AbortStage)
		aborted = aborted || ok && abort.Order.Key == got[0].Key
	}
	if !aborted || len(orders(plan)) != 0 {
		t.Errorf("a rollback asks for %+v", plan.Answers)
	}
	k.hears(t, teaTime.Add(time.Minute), bot.StageSettled{Slot: got[0].Slot(), Rollout: got[0].Key, Verb: "abort", Outcome: bot.Failed, Detail: "no answer"})
	if after := k.says(t, teaTime.Add(2*time.Minute), "ann", 1, "/deploy production"); len(orders(after)) != 0 || !strings.Contains(answer(after), "nobody knows what runs") {
		t.Errorf("started where nobody knows what runs: %+v, %s", orders(after), answer(after))
	}
}
