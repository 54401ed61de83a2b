package handlers

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// newMall is a street whose file names two services, each with two releases
// that were live and soaked in production.
func newMall(t *testing.T) *street {
	x := newStreet()
	x.services = []deploy.Service{{Name: "pay"}, {Name: "web"}}
	for i, service := range []string{"pay", "web"} {
		slot := deploy.Slot{Key: deploy.SlotKey(tea, service, "production"), Count: 2}
		for n := 1; n <= 2; n++ {
			p := deploy.Placed{At: teaTime.Add(time.Duration(n) * -time.Hour), Release: deploy.Release{Repo: tea, Service: service, SHA: teaSHA(10*(i+1) + n)}}
			slot.Live, slot.Good = &p, append(slot.Good, p)
		}
		x.keep(t, bot.Plan{Docs: []bot.Doc{slot}})
	}
	return x
}

func (x *street) pays(t *testing.T, service string) (deploy.Slot, *deploy.Rollout) {
	t.Helper()
	slot, running, err := x.handlers().slotOf(context.Background(), deploy.SlotKey(tea, service, "production"))
	if err != nil {
		t.Fatal(err)
	}
	return slot, running
}

func TestRollbackOfOneOfSeveralServices(t *testing.T) {
	x := newMall(t)
	for command, want := range map[string][]string{
		"/rollback":                {"Say which service you mean; the file names `pay`, `web`", "```\n/rollback pay:production\n```", "```\n/rollback web:production\n```"},
		"/rollback canary":         {"Say which service you mean", "/rollback pay:canary", "/rollback web:canary"},
		"/rollback web:prodution":  {"Did you mean production?", "```\n/rollback web:production\n```"},
		"/rollback wbe:production": {"There is no service `wbe`", "Did you mean web?", "```\n/rollback web:production\n```"},
		"/rollback web: @1234567":  {"takes no commit", "/rollback [service:][stage]"},
		"/rollback a b":            {"I do not understand `b`"},
	} {
		plan := x.says(t, 1, command)
		for _, w := range want {
			if got := answer(plan); !strings.Contains(got, w) || len(orders(plan)) != 0 {
				t.Errorf("%s: %s\nwant %q", command, got, w)
			}
		}
	}
	plan := x.says(t, 1, "/rollback web:production")
	if got := orders(plan); len(got) != 1 || got[0].Service != "web" || got[0].SHA != teaSHA(21) {
		t.Fatalf("it brings back %+v: %s", got, answer(plan))
	}
	if pay, running := x.pays(t, "pay"); running != nil || len(pay.Bad) != 0 {
		t.Errorf("the other service is touched: %+v", pay)
	}
	x.pass(t, time.Minute)
	if web, _ := x.pays(t, "web"); web.Live.Release.SHA != teaSHA(21) {
		t.Errorf("live is %+v", web.Live)
	}
}

// In a file with one service it may be named too, by the name that we show.
func TestTheOnlyServiceByName(t *testing.T) {
	x := newStreet()
	x.services = []deploy.Service{{}}
	if plan := x.says(t, 1, "/deploy tea:canary"); len(orders(plan)) != 1 || orders(plan)[0].Service != "tea" {
		t.Errorf("%s", answer(plan))
	}
	if got := answer(x.says(t, 1, "/status tea:canary")); !strings.Contains(got, "- canary: ") || strings.Contains(got, "- production: ") {
		t.Errorf("it says %s", got)
	}
}

func TestStatusOfSeveralServices(t *testing.T) {
	x := newMall(t)
	lines := func(command string) (stages []string) {
		for l := range strings.Lines(answer(x.says(t, 1, command))) {
			if name, _, ok := strings.Cut(strings.TrimPrefix(l, "- "), ": "); ok && strings.HasPrefix(l, "- ") && strings.Contains(name, ":") {
				stages = append(stages, name)
			}
		}
		return stages
	}
	for command, want := range map[string][]string{
		"/status":                {"pay:canary", "pay:production", "web:canary", "web:production"},
		"/status web:":           {"web:canary", "web:production"},
		"/status production":     {"pay:production", "web:production"},
		"/status web:production": {"web:production"},
	} {
		if got := lines(command); !slices.Equal(got, want) {
			t.Errorf("%s tells of %v, want %v", command, got, want)
		}
	}
	got := answer(x.says(t, 1, "/status"))
	for _, line := range []string{"- pay:production: `" + teaSHA(12).Short() + "` live", "- web:production: `" + teaSHA(22).Short() + "` live"} {
		if !strings.Contains(got, line) {
			t.Errorf("it does not say %q: %s", line, got)
		}
	}
	if got := answer(x.says(t, 1, "/status web:prodution")); !strings.Contains(got, "Did you mean production?") || !strings.Contains(got, "/status web:production") {
		t.Errorf("a slip: %s", got)
	}
}

// What the command said besides the place stays in the line to paste.
func TestALineToPasteKeepsTheRest(t *testing.T) {
	x := newMall(t)
	commit := "@" + string(teaSHA(1))
	for command, want := range map[string]string{
		"/deploy canary " + commit:         "/deploy web:canary " + commit,
		"/deploy web:canray":               "/deploy web:canary",
		"/deploy wbe:canary a=b " + commit: "/deploy web:canary " + commit + " a=b",
		"/promote web:canray":              "/promote web:canary",
	} {
		if got := answer(x.says(t, 1, command)); !strings.Contains(got, "```\n"+want+"\n```") {
			t.Errorf("%s: %s\nwant %s", command, got, want)
		}
	}
}

// A finished canary is promoted also by the name of the stage it goes to, and
// what is on its way back is not.
func TestPromoteToAStage(t *testing.T) {
	x := newMall(t)
	x.says(t, 1, "/deploy web:canary")
	x.pass(t, 6*time.Minute)
	if got := answer(x.says(t, 1, "/promote web:production")); !strings.Contains(got, "Nothing of #1") {
		t.Errorf("before it is finished: %s", got)
	}
	x.pass(t, 6*time.Minute)
	x.says(t, 1, "/promote")
	if _, web := x.pays(t, "web"); web.State != deploy.Resting {
		t.Fatalf("it is %s", web.State)
	}
	if got := orders(x.says(t, 1, "/promote web:production")); len(got) != 1 || got[0].Stage != "production" {
		t.Errorf("it starts %+v", got)
	}
	x.says(t, 1, "/abort")
	if got := answer(x.says(t, 1, "/promote")); !strings.Contains(got, "is going back already") {
		t.Errorf("on its way back: %s", got)
	}
}

// Of several that are on their way the place tells which is meant.
func TestPromoteAndAbortOfOneOfSeveral(t *testing.T) {
	x := newMall(t)
	x.says(t, 1, "/deploy pay:canary")
	x.says(t, 1, "/deploy web:canary")
	x.pass(t, time.Second)
	for _, verb := range []string{"/promote", "/abort", "/abort it burns"} {
		got := answer(x.says(t, 1, verb))
		for _, want := range []string{"Several are on their way", "pay:canary\n```", "web:canary\n```"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s\nwant %q", verb, got, want)
			}
		}
	}
	x.says(t, 1, "/abort web:canary")
	_, web := x.pays(t, "web")
	if _, pay := x.pays(t, "pay"); web == nil || web.State != deploy.Returning || web.Why != "stopped by @ann" || pay == nil || pay.State == deploy.Returning {
		t.Errorf("pay: %+v, web: %+v", pay, web)
	}
	if got := answer(x.says(t, 1, "/abort web:canary")); !strings.Contains(got, "The traffic of `web` in `canary` is going back already: stopped by @ann") {
		t.Errorf("it is on its way back: %s", got)
	}
	if got := answer(x.says(t, 1, "/rollback web:canary")); !strings.Contains(got, "is going back already") {
		t.Errorf("it is on its way back: %s", got)
	}
	x.says(t, 1, "/abort it burns")
	if _, pay := x.pays(t, "pay"); pay.State != deploy.Returning || pay.Why != "stopped by @ann: it burns" {
		t.Errorf("with a reason alone: %+v", pay)
	}
}

func TestAbortOfWhatHasFinished(t *testing.T) {
	x := newStreet()
	if got := answer(x.says(t, 1, "/abort")); !strings.Contains(got, "Nothing of #1 is on its way") {
		t.Errorf("nothing ever began: %s", got)
	}
	x.says(t, 1, "/deploy canary")
	x.pass(t, 10*time.Second)
	x.says(t, 1, "/abort")
	x.pass(t, time.Minute)
	if got := answer(x.says(t, 1, "/abort")); !strings.Contains(got, "tea in canary has already finished (aborted 9 Mar 16:00 UTC)") || !strings.Contains(got, "/status") {
		t.Errorf("stopped before: %s", got)
	}
	x.says(t, 2, "/deploy canary")
	for range 3 {
		x.pass(t, 6*time.Minute)
		x.says(t, 2, "/promote")
	}
	x.pass(t, time.Minute)
	if got := answer(x.says(t, 2, "/abort too late")); !strings.Contains(got, "tea in production has already finished (succeeded 9 Mar 16:1") || !strings.Contains(got, "there is nothing to go back to there.\n\n```\n/status\n```") {
		t.Errorf("live: %s", got)
	}
	if got := answer(x.says(t, 3, "/abort")); !strings.Contains(got, "Nothing of #3") {
		t.Errorf("of another change: %s", got)
	}
}

// Whoever must stop something and is on the wrong change is told what is on its
// way and where to write what; it is not stopped for them.
func TestAbortOnTheWrongChange(t *testing.T) {
	x := newMall(t)
	x.says(t, 1, "/deploy web:canary")
	x.pass(t, time.Second)
	for command, want := range map[string]string{
		"/abort": "On #1:\n\n```\n/abort web:canary\n```", "/abort it burns": "/abort web:canary", "/abort web:canary": "/abort web:canary",
	} {
		got := answer(x.says(t, 2, command))
		if says := "Nothing of #2 is on its way; elsewhere there is `" + teaSHA(1).Short() + "` of #1 in web:canary"; !strings.Contains(got, says) || !strings.Contains(got, want) {
			t.Errorf("%s: %s\nwant %s and %s", command, got, says, want)
		}
	}
	if got := answer(x.says(t, 2, "/abort pay:canary")); !strings.Contains(got, "Nothing of #2 is on its way.") || strings.Contains(got, "web") {
		t.Errorf("of another place: %s", got)
	}
	x.keep(t, bot.Plan{Docs: []bot.Doc{settingsDoc{Repo: tea, Good: []byte("x"), HasGood: true}}})
	chat := bot.CommandGiven{From: bot.FromSlack, By: bot.Person{Slack: "U1"}, Text: "abort acme/tea#2", At: x.now.Add(time.Second), Reply: "https://hooks.example/1"}
	if got := said(x.tell(t, chat)); !strings.Contains(got, "/roundtrip abort acme/tea#1 web:canary") {
		t.Errorf("in chat: %s", got)
	}
	if _, web := x.pays(t, "web"); web == nil || web.State == deploy.Returning {
		t.Errorf("it is stopped: %+v", web)
	}
	x.says(t, 1, "/abort")
	x.pass(t, time.Minute)
	x.says(t, 3, "/rollback web:production")
	if got := answer(x.says(t, 2, "/abort")); !strings.Contains(got, "In chat:\n\n```\n/roundtrip abort acme/tea web:production\n```") {
		t.Errorf("of no change: %s", got)
	}
}

// What is live of the change itself may be meant as well: there is a line for
// each.
func TestAbortWhereOneIsLiveAndAnotherOnItsWay(t *testing.T) {
	x := newStreet()
	x.live(t, 3)
	x.live(t, 1)
	x.says(t, 2, "/deploy canary")
	got := answer(x.says(t, 1, "/abort"))
	for _, want := range []string{"has already finished (succeeded", "; elsewhere there is `" + teaSHA(2).Short() + "` of #2 in canary", "On #2:\n\n```\n/abort canary\n```", "On #1:\n\n```\n/rollback production\n```"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nwant %q", got, want)
		}
	}
}
