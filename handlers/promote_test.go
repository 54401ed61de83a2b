package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// ask is one of the doors to a command.
type ask func(x *street, t *testing.T) bot.Plan

func doors() map[string]ask {
	chat := func(text string) ask {
		return func(x *street, t *testing.T) bot.Plan {
			return x.tell(t, bot.CommandGiven{From: bot.FromSlack, By: bot.Person{Slack: "U1"}, Text: text, At: x.now, Reply: "https://hooks.example/1"})
		}
	}
	return map[string]ask{
		"by comment":           func(x *street, t *testing.T) bot.Plan { return x.says(t, 1, "/promote") },
		"in chat":              chat("promote acme/tea#1"),
		"in chat, without one": chat("promote acme/tea"),
		"by button": func(x *street, t *testing.T) bot.Plan {
			_, running := x.slot(t)
			return x.tell(t, bot.ButtonPressed{By: bot.Person{Slack: "U1"}, Verb: "promote", Value: valueOf(running[0]), At: x.now, Reply: "https://hooks.example/1"})
		},
	}
}

// newCanary is a street with a canary that waits: in its steps, or finished.
func newCanary(t *testing.T, state deploy.State) *street { return newCanaryOf(t, state, nil) }

// newCanaryOf is one in a pipeline that says something else besides.
func newCanaryOf(t *testing.T, state deploy.State, edit func(*deploy.Pipeline)) *street {
	x := newStreet()
	x.edit = edit
	x.tell(t, bot.ChangeUpdated{Action: "opened", Change: x.changes[1]})
	x.says(t, 1, "/deploy canary")
	x.pass(t, 10*time.Minute)
	for state == deploy.Resting {
		if _, running := x.slot(t); running[0].State == deploy.Resting {
			break
		}
		x.says(t, 1, "/promote")
		x.pass(t, 10*time.Minute)
	}
	if _, running := x.slot(t); len(running) != 1 || running[0].State != state {
		t.Fatalf("it is not %s: %+v", state, running)
	}
	return x
}

// What was closed and not merged goes no further, through whichever door it is
// asked; the way back is offered.
func TestWhatWasClosedIsNotPromoted(t *testing.T) {
	for _, state := range []deploy.State{deploy.Waiting, deploy.Resting} {
		for door, promote := range doors() {
			x := newCanary(t, state)
			open := x.changes[1]
			closed := open
			closed.Open = false
			x.changes[1] = closed
			plan := promote(x, t)
			text := said(plan)
			if !strings.Contains(text, "#1 is closed and was not merged") || len(orders(plan)) != 0 {
				t.Errorf("%s, %s: %s, and %+v starts", state, door, text, orders(plan))
			}
			want := "/abort canary"
			if door != "by comment" {
				want = "/roundtrip abort acme/tea#1 canary"
			}
			if !strings.Contains(text, want) {
				t.Errorf("%s, %s: %q is not in %s", state, door, want, text)
			}
			if _, running := x.slot(t); running[0].State != state {
				t.Errorf("%s, %s: it is %s", state, door, running[0].State)
			}
			x.changes[1] = open
			promote(x, t)
			if _, running := x.slot(t); len(running) == 1 && running[0].State == state {
				t.Errorf("%s, %s: reopened, and it stays: %s", state, door, said(plan))
			}
		}
	}
}

// How long a step has to go is said while that is known, and only then.
func TestPromoteBeforeItsTime(t *testing.T) {
	step := []deploy.WeightStep{{Weight: 5, For: 5 * time.Minute}, {Weight: 25, For: 5 * time.Minute}}
	for name, c := range map[string]struct {
		state deploy.State
		at    time.Duration
		says  string
		left  bool
	}{
		"put in place":       {deploy.Starting, time.Minute, "canary is on its way to 5 %", false},
		"watched":            {deploy.Watching, time.Minute, "its step has 4 min to go", true},
		"watched for long":   {deploy.Watching, time.Hour, "production has not shown enough yet", false},
		"the rest goes over": {deploy.Finishing, time.Minute, "gets the rest of the traffic already", false},
	} {
		r := deploy.Rollout{State: c.state, StepAt: teaTime, Stage: deploy.Stage{Name: "canary", Steps: step}}
		err := notYet(r, teaTime.Add(c.at))
		if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "to go") != c.left {
			t.Errorf("%s: %v", name, err)
		}
	}
}
