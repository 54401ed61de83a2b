package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// reaction is the last that a plan puts on the comment.
func reaction(plan bot.Plan) (last string) {
	for _, e := range plan.Answers {
		if r, ok := e.(bot.React); ok {
			last = r.Reaction
		}
	}
	return last
}

// Who may not, and who has to say more, is not told no: the reaction and the
// text agree about that, in comments and in chat.
func TestReactions(t *testing.T) {
	sign := map[string]string{bot.Rocket: "", bot.Nope: "👎", bot.Puzzle: "😕"}
	for _, c := range []struct {
		by   bot.Login
		text string
		want string
	}{
		{"ann", "/deploy pay:canary", bot.Rocket},
		{"ann", "/status", bot.Rocket},
		{"rudi", "/deploy pay:canary", bot.Puzzle},
		{"rudi", "/rollback pay:production", bot.Puzzle},
		{"rudi", "/main claim", bot.Nope}, // nothing is red; that is no question of who asks
		{"nobody", "/deploy pay:canary", bot.Puzzle},
		{"ann", "/deploy canary", bot.Puzzle},
		{"ann", "/deploy pay:", bot.Rocket},
		{"ann", "/promote", bot.Puzzle}, // two are on their way
		{"ann", "/abort", bot.Puzzle},
		{"ann", "/good production", bot.Puzzle},
		{"ann", "/main", bot.Puzzle},
		{"ann", "/main revert now", bot.Puzzle},
		{"ann", "/deploy ???", bot.Puzzle},
		{"ann", "/deploy a b", bot.Puzzle},
		{"ann", "/status\n/help", bot.Puzzle},
		{"ann", "/deploy pay:canray", bot.Nope},
		{"ann", "/deploy pay:canary size=1 size=2", bot.Nope},
		{"ann", "/deploy pay:production", bot.Nope},
		{"ann", "/rollback pay:production", bot.Rocket},
	} {
		x := newMall(t)
		if c.text == "/promote" || c.text == "/abort" {
			x.says(t, 1, "/deploy pay:canary")
			x.says(t, 1, "/deploy web:canary")
		}
		comment := bot.CommandGiven{From: bot.FromComment, By: bot.Person{Login: c.by}, Text: c.text, At: x.now, Comment: 5, Ref: bot.ChangeRef{Repo: tea, Number: 1}}
		plan := x.tell(t, comment)
		if got := reaction(plan); got != c.want || c.want != bot.Rocket && !strings.HasPrefix(answer(plan), sign[c.want]+" ") {
			t.Errorf("%s by %s: %s: %s", c.text, c.by, got, answer(plan))
		}
	}
}

// A bare /deploy never means production: it has to be said.
func TestABareDeployAsksForMore(t *testing.T) {
	x := newStreet()
	x.edit = func(p *deploy.Pipeline) { p.Stages = p.Stages[1:]; p.Stages[0].After = nil }
	if plan := x.says(t, 1, "/deploy"); reaction(plan) != bot.Puzzle || !strings.HasPrefix(answer(plan), "😕 The next stage is `production`") {
		t.Errorf("%s: %s", reaction(plan), answer(plan))
	}
}

func TestChatSaysTheSame(t *testing.T) {
	for text, want := range map[string]string{
		"deploy acme/tea#1 canary": "😕 I do not know who you are on GitHub (", "launch": "😕 There is no command",
	} {
		k := newDesk()
		k.keep(t, bot.Plan{Docs: []bot.Doc{settingsDoc{Repo: tea, Good: []byte("x"), HasGood: true}}})
		plan := k.hears(t, teaTime.Add(time.Second), bot.CommandGiven{From: bot.FromSlack, By: bot.Person{Slack: "U9"}, Text: text, At: teaTime, Reply: "https://hooks.example/1"})
		if got := said(plan); !strings.Contains(got, want) {
			t.Errorf("%q: %s", text, got)
		}
	}
}
