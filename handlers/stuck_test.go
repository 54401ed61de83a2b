package handlers

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// stuckOn is the event that tells of another that does not go on.
func stuckOn(t *testing.T, e bot.Event, givenUp bool) bot.DeliveryStuck {
	t.Helper()
	kind, body, err := bot.EncodeEvent(e)
	if err != nil {
		t.Fatal(err)
	}
	return bot.DeliveryStuck{
		Delivery: "github/72d3", Kind: kind, Event: body, Who: "GitHub", Since: teaTime, Tries: 20, Until: teaTime.Add(3 * time.Hour), GivenUp: givenUp,
	}
}

// said is all that a plan says to people, one text a line.
func said(plan bot.Plan) string {
	var all []string
	for _, e := range append(plan.Answers, plan.Effects...) {
		body, _ := json.Marshal(e)
		all = append(all, e.Kind()+" "+e.Key()+" "+string(body))
	}
	return strings.Join(all, "\n")
}

func TestWhoAskedIsToldWhereTheyAsked(t *testing.T) {
	comment := bot.CommandGiven{From: bot.FromComment, By: bot.Person{Login: "ann"}, Text: "/deploy staging", At: teaTime, Comment: 5, Ref: bot.ChangeRef{Repo: tea, Number: 3}}
	chat := bot.CommandGiven{From: bot.FromSlack, By: bot.Person{Slack: "U1"}, Text: "status", At: teaTime, ChannelID: "C7", Reply: "https://hooks.example/1"}
	press := bot.ButtonPressed{By: bot.Person{Slack: "U1"}, Verb: "promote", At: teaTime, ChannelID: "C7", Reply: "https://hooks.example/1"}
	for name, tc := range map[string]struct {
		event   bot.Event
		givenUp bool
		after   time.Duration
		want    []string
	}{
		"a comment, given up": {comment, true, 3 * time.Hour, []string{"reaction 42/9/5/-1", "comment 42/9#3/answer/5", "20 tries in 3 h", "GitHub is not answering", "Nothing was done", "/deploy staging"}},
		"chat waits":          {chat, false, time.Minute, []string{"whisper github/72d3", "hooks.example/1", "/roundtrip status", "until 19:00 UTC"}},
		"chat, given up soon": {chat, true, 20 * time.Minute, []string{"whisper github/72d3", "20 tries"}},
		"chat, given up late": {chat, true, 3 * time.Hour, []string{"message C7/stuck/github/72d3", "/roundtrip status"}},
		"a button waits":      {press, false, time.Minute, []string{"whisper github/72d3", "What you pressed waits"}},
		"a merge, given up":   {bot.StartDue{Ref: comment.Ref, Stage: "staging", Since: teaTime}, true, time.Hour, []string{"comment 42/9#3/start/staging", "/deploy staging"}},
	} {
		text := said(newDesk().hears(t, teaTime.Add(tc.after), stuckOn(t, tc.event, tc.givenUp)))
		for _, want := range tc.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in\n%s", name, want, text)
			}
		}
	}
}

func TestALimitIsNoSilence(t *testing.T) {
	e := stuckOn(t, bot.CommandGiven{From: bot.FromSlack, By: bot.Person{Slack: "U1"}, Text: "status", At: teaTime, ChannelID: "C7", Reply: "https://hooks.example/1"}, false)
	e.Asked, e.Until = teaTime.Add(5*time.Minute), time.Time{}
	text := said(newDesk().hears(t, teaTime.Add(time.Minute), e))
	if !strings.Contains(text, "GitHub asks us to wait until 16:05 UTC") || strings.Contains(text, "not answering") {
		t.Error(text)
	}
}

func TestWhatNobodyAskedIsNotAnswered(t *testing.T) {
	ref := bot.ChangeRef{Repo: tea, Number: 3}
	for name, e := range map[string]bot.CommandGiven{
		"a remark":    {From: bot.FromComment, By: bot.Person{Login: "ann"}, Text: "looks good", Ref: ref},
		"a bot":       {From: bot.FromComment, By: bot.Person{Login: "x[bot]", Bot: true}, Text: "/status", Ref: ref},
		"on an issue": {From: bot.FromComment, By: bot.Person{Login: "ann"}, Text: "/status", Ref: ref, IsIssue: true},
	} {
		if text := said(newDesk().hears(t, teaTime, stuckOn(t, e, true))); text != "" {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestARolloutThatCannotGoOnSaysSo(t *testing.T) {
	k := newDesk()
	k.changes[3] = openChange(3, teaSHA(3))
	k.pushed[teaSHA(3)] = teaTime.Add(-time.Hour)
	began := orders(k.says(t, teaTime, "ann", 3, "/deploy staging"))
	if len(began) != 1 {
		t.Fatalf("%d orders", len(began))
	}
	settled := bot.StageSettled{Slot: began[0].Slot(), Rollout: began[0].Key, Verb: "start", Outcome: bot.Done}
	for givenUp, want := range map[bool][]string{
		false: {"at 16:01 UTC GitHub did not answer", "ask again until 19:00 UTC and go on", "/abort"},
		true:  {"gave up after 20 tries", "look where the traffic is", "/abort"},
	} {
		plan := k.hears(t, teaTime.Add(time.Minute), stuckOn(t, settled, givenUp))
		text := said(plan)
		for _, want := range append(want, "comment 42/9#3/rollout/tea") {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in\n%s", want, text)
			}
		}
		if len(plan.Docs) > 0 {
			t.Errorf("the rollout's state changed: %v", plan.Docs)
		}
	}
}
