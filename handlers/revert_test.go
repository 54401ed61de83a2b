package handlers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// newBroken is a main that change 7 broke: green on commit 1, red on 2.
func newBroken(t *testing.T, change func(*bot.Change)) *branch {
	x := newBranch(t)
	x.ran("build", 1, bot.Success)
	x.ran("unit", 1, bot.Success)
	c := openChange(7, teaSHA(70))
	x.tell(bot.ChangeUpdated{Action: "opened", Change: c})
	c.Open, c.Merged, c.MergeSHA, c.MergedAt, c.Updated = false, true, teaSHA(2), x.now, x.now
	if change != nil {
		change(&c)
	}
	x.tell(bot.ChangeClosed{Change: c})
	x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(1), After: teaSHA(2)})
	x.head = teaSHA(2)
	x.compared = []bot.Commit{{SHA: teaSHA(70)}, {SHA: teaSHA(2), Parents: 2}}
	x.ran("unit", 2, bot.Failure)
	return x
}

func (x *branch) presses(verb, value string) bot.Plan {
	return x.tell(bot.ButtonPressed{By: bot.Person{Slack: "U1"}, Verb: verb, Value: value, At: x.now, ChannelID: "C1", Reply: "https://hooks.slack.com/x"})
}

// asksToRevert finds the effect and what the asker alone was told.
func asksToRevert(plan bot.Plan) (e bot.OpenRevert, asked bool, told string) {
	for _, a := range plan.Answers {
		switch a := a.(type) {
		case bot.OpenRevert:
			e, asked = a, true
		case bot.Whisper:
			told = a.Text
		}
	}
	return e, asked, told
}

func offered(plan bot.Plan) (value string) {
	for _, e := range plan.Effects {
		m, _ := e.(bot.KeepMessage)
		for _, b := range m.Blocks {
			for _, x := range b.Buttons {
				if x.Verb == "revert" {
					value = x.Value
				}
			}
		}
	}
	return value
}

func (x *branch) incident() string { return fmt.Sprintf("build/%s/main@1", tea.Key()) }

func TestARevertIsAskedForOnce(t *testing.T) {
	x := newBroken(t, nil)
	plan := x.presses("revert", x.incident())
	e, asked, _ := asksToRevert(plan)
	if !asked || e.Ref.Number != 7 || e.SHA != teaSHA(2) || e.Branch != "main" || !strings.HasPrefix(e.Body, "Reverts acme/tea#7\n") || !strings.HasPrefix(e.Title, `Revert "`) {
		t.Fatalf("%+v", plan.Answers)
	}
	if !slices.Contains(factKinds(plan), "main.revert_asked") || offered(plan) != "" {
		t.Errorf("facts %v, and it is offered again", factKinds(plan))
	}
	for _, how := range []func() bot.Plan{
		func() bot.Plan { return x.presses("revert", x.incident()) },
		func() bot.Plan {
			return x.tell(bot.CommandGiven{From: bot.FromSlack, By: bot.Person{Slack: "U1"}, Text: "main revert acme/tea#7", At: x.now, Reply: "x"})
		},
	} {
		if _, asked, told := asksToRevert(how()); asked || !strings.Contains(told, "asked for a revert of #7") {
			t.Errorf("asked for twice; it said %q", told)
		}
	}
	plan = x.tell(bot.RevertSettled{Ref: e.Ref, Branch: "main", SHA: e.SHA, Outcome: bot.Failed, Detail: "UNPROCESSABLE: a conflict"})
	text := ""
	for _, a := range plan.Answers {
		if c, ok := a.(bot.KeepComment); ok && c.Ref.Number == 7 {
			text = c.Body
		}
	}
	if !strings.Contains(text, "git revert --no-edit -m 1 "+string(teaSHA(2))) || !strings.Contains(text, "a conflict") || offered(plan) == "" {
		t.Errorf("what GitHub refused is told as %q, and offered: %q", text, offered(plan))
	}
	if _, asked, told := asksToRevert(x.presses("revert", x.incident())); !asked {
		t.Errorf("after a refusal it cannot be asked for again: %s", told)
	}
}

// The pull request is noted whoever opened it; a fork's, or one of another
// change, is not.
func TestARevertThatOpens(t *testing.T) {
	x := newBroken(t, nil)
	revert := openChange(8, teaSHA(80))
	revert.HeadRef, revert.HeadRepo = "revert-7-x", 4711
	if plan := x.tell(bot.ChangeUpdated{Action: "opened", Change: revert}); slices.Contains(factKinds(plan), "main.revert_opened") {
		t.Error("a fork's branch is taken for the revert")
	}
	revert.Ref.Number, revert.HeadRepo = 9, tea.ID
	if plan := x.tell(bot.ChangeUpdated{Action: "opened", Change: revert}); !slices.Contains(factKinds(plan), "main.revert_opened") || offered(plan) != "" {
		t.Error("the revert is not noted, or is offered still")
	}
	if _, asked, told := asksToRevert(x.presses("revert", x.incident())); asked || !strings.Contains(told, "#9 takes #7 back already") {
		t.Errorf("it was opened, and a press says %q", told)
	}
	revert.Open, revert.Updated = false, x.now.Add(time.Hour)
	if plan := x.tell(bot.ChangeClosed{Change: revert}); offered(plan) == "" {
		t.Error("given up, and not offered again")
	}
}

// What must hold at the press is asked at the press.
func TestRevertsThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		merged  func(*bot.Change)
		then    func(*branch)
		says    string
		offered bool // although a press is refused
	}{
		"another commit, unheard of": {nil, func(x *branch) { x.head = teaSHA(3) }, "lies on top of #7", true},
		"another commit":             {nil, func(x *branch) { x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(2), After: teaSHA(3)}) }, "not certain", true},
		"healed":                     {nil, func(x *branch) { x.ran("unit", 2, bot.Success) }, "That is over", true},
		"broken anew":                {nil, func(x *branch) { x.ran("unit", 2, bot.Success); x.ran("unit", 2, bot.Failure) }, "That is over", true},
		"opened, unheard of": {nil, func(x *branch) {
			o := openChange(9, teaSHA(90))
			o.HeadRef = "revert-7-x"
			x.open = append(x.open, o)
		}, "#9 takes #7 back already", true},
		"two changes in one push": {nil, func(x *branch) {
			o := openChange(6, teaSHA(60))
			o.Open, o.Merged, o.MergeSHA = false, true, teaSHA(61)
			x.tell(bot.ChangeClosed{Change: o})
			x.compared = append([]bot.Commit{{SHA: teaSHA(61), Parents: 2}}, x.compared...)
		}, "came to main together with #7", true},
		"a day later":      {nil, func(x *branch) { x.now = x.now.Add(25 * time.Hour) }, "more than 24 h ago", true},
		"a revert itself":  {func(c *bot.Change) { c.Title = `Revert "Gifts"` }, nil, "is a revert itself", false},
		"merged otherwise": {func(c *bot.Change) { c.MergeSHA = teaSHA(99) }, nil, "no pull request for", false},
		"merged long ago":  {func(c *bot.Change) { c.MergedAt = c.MergedAt.Add(-30 * time.Hour) }, nil, "more than 24 h ago", false},
		"may only read":    {nil, func(x *branch) { x.roles["ann"] = bot.RoleRead }, "needs the role `write`", true},
	} {
		t.Run(name, func(t *testing.T) {
			x := newBroken(t, c.merged)
			b, err := x.handlers().build(t.Context(), tea, "main")
			if err != nil {
				t.Fatal(err)
			}
			doc, _, _ := x.handlers().change(t.Context(), bot.ChangeRef{Repo: tea, Number: 7})
			if got := len(revertButton(b, doc.Change)) > 0; got != c.offered {
				t.Errorf("offered: %t", got)
			}
			if c.then != nil {
				c.then(x)
			}
			plan := x.presses("revert", x.incident())
			if _, asked, told := asksToRevert(plan); asked || !strings.Contains(told, c.says) || len(plan.Docs) > 0 {
				t.Errorf("asked: %t, it said %q", asked, told)
			}
		})
	}
}

// Who reminds offers the same, and names no revert where none is offered: a
// press would be refused.
func TestTheReminderOffersTheRevert(t *testing.T) {
	reminded := func(plan bot.Plan) (text string) {
		for _, e := range plan.Effects {
			if m, ok := e.(bot.KeepMessage); ok && m.Thread != "" {
				text = m.Text
			}
		}
		return text
	}
	x := newBroken(t, nil)
	due := bot.RedDue{Repo: tea, Branch: "main", Number: 1, After: 5 * time.Minute}
	if plan := x.tell(due); offered(plan) != x.incident() || !strings.HasSuffix(reminded(plan), "then revert #7 or push a repair.") {
		t.Errorf("it offers %q: %+v", offered(plan), plan.Effects)
	}
	x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(2), After: teaSHA(3)})
	for _, due.Escalate = range []bool{false, true} {
		if plan := x.tell(due); offered(plan) != "" || !strings.HasSuffix(reminded(plan), "push a repair, or revert by hand what fails.") {
			t.Errorf("another commit lies on top, and it offers %q: %+v", offered(plan), plan.Effects)
		}
	}
}

// A revert with the files of the green commit may merge before anything ran on
// it, until another commit lies on top.
func TestARevertIsProvenByItsFiles(t *testing.T) {
	x := newBranch(t)
	x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(1), After: teaSHA(2), Commits: []bot.Commit{{SHA: teaSHA(2), Tree: "aaaaaaaa"}}})
	x.ran("build", 2, bot.Success)
	x.ran("unit", 2, bot.Success)
	c := openChange(7, teaSHA(70))
	c.Open, c.Merged, c.MergeSHA, c.MergedAt = false, true, teaSHA(3), x.now
	x.tell(bot.ChangeClosed{Change: c})
	x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(2), After: teaSHA(3), Commits: []bot.Commit{{SHA: teaSHA(3), Tree: "bbbbbbbb"}}})
	x.ran("unit", 3, bot.Failure)
	shown := func(plan bot.Plan) (title string) {
		for _, e := range plan.Effects {
			if s, ok := e.(bot.SetCheck); ok && s.Name == "roundtrip / main" {
				title = s.Title
			}
		}
		return title
	}
	revert := openChange(9, teaSHA(90))
	revert.HeadRef = "revert-7-x"
	x.compared = []bot.Commit{{SHA: teaSHA(3), Tree: "bbbbbbbb"}, {SHA: teaSHA(90), Tree: "aaaaaaaa"}}
	if got := shown(x.tell(bot.ChangeUpdated{Action: "opened", Change: revert})); got != "May merge: same files as green 0000000" {
		t.Errorf("the revert is shown %q", got)
	}
	if plan := x.tell(bot.Pushed{Repo: tea, Branch: "main", Before: teaSHA(3), After: teaSHA(4)}); !slices.Contains(numbersOf(plan), 9) {
		t.Error("another commit lies on top, and the revert is not judged again")
	}
	if got := shown(x.tell(bot.JudgeDue{Ref: revert.Ref})); !strings.Contains(got, "Waiting for main") {
		t.Errorf("then the revert is shown %q", got)
	}
}
