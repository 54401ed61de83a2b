package handlers

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// ruled is a desk whose file is a mode of green, or no file.
type ruled struct{ *branch }

func (x ruled) handlers() *Handlers {
	h := x.desk.handlers()
	h.Read = func(text []byte) (Settings, []bot.Mistake) {
		s := teaSettings()
		s.Policies, s.Notify.Channel = policies.Defaults(), "#tea"
		s.HasFile = text != nil
		if s.HasFile {
			s.Policies.Green.Mode = policies.Mode(text)
		}
		return s, nil
	}
	return h
}

func (x ruled) tell(e bot.Event) (all bot.Plan) {
	x.t.Helper()
	x.now = x.now.Add(time.Minute)
	for _, h := range x.handlers().All() {
		plan, _, err := h.Handle(x.t.Context(), bot.Delivery[bot.Event]{ID: x.now.String(), At: x.now, Event: e})
		if err != nil {
			x.t.Fatalf("%s: %v", h.Name, err)
		}
		all.Join(plan)
	}
	return x.keep(x.t, all)
}

// writes has somebody push a file; head is the commit.
func (x ruled) writes(file string, head int) bot.Plan {
	x.t.Helper()
	x.file = file
	return x.tell(bot.Pushed{Repo: tea, Branch: "main", Default: true, Before: teaSHA(head - 1), After: teaSHA(head), Paths: []string{ConfigPath}})
}

// redUnder is a branch that is red, with change 5 waiting.
func redUnder(t *testing.T, mode policies.Mode) ruled {
	x := ruled{&branch{desk: newDesk(), t: t, now: teaTime}}
	x.file, x.required, x.head = string(mode), []string{"unit"}, teaSHA(1)
	x.open = []bot.Change{openChange(5, teaSHA(50))}
	x.tell(bot.ChangeUpdated{Action: "opened", Change: x.open[0]})
	x.tell(bot.Pushed{Repo: tea, Branch: "main", Default: true, After: teaSHA(1)})
	x.tell(bot.CheckReported{Repo: tea, Branch: "main", Run: bot.CheckRun{ID: 1, Name: "unit", SHA: teaSHA(1), Status: bot.Completed, Conclusion: bot.Failure, Started: x.now, Completed: x.now}})
	x.judge()
	if x.health() != policies.Red {
		t.Fatalf("main is %s", x.health())
	}
	return x
}

// judge has change 5 judged again and gives what is shown on it by green.
func (x ruled) judge() (shown []bot.SetCheck) {
	x.t.Helper()
	for _, e := range x.tell(bot.JudgeDue{Ref: bot.ChangeRef{Repo: tea, Number: 5}}).Effects {
		if c, ok := e.(bot.SetCheck); ok && c.Name == "roundtrip / main" {
			shown = append(shown, c)
		}
	}
	return shown
}

func messages(effects []bot.Effect) (texts []string) {
	for _, e := range effects {
		if m, ok := e.(bot.KeepMessage); ok {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// Who asks for green no more lets everybody go, once, and nobody is reminded.
func TestGreenThatIsAskedForNoMore(t *testing.T) {
	for name, c := range map[string]struct {
		from  policies.Mode
		to    string
		says  string
		after policies.Health
	}{
		"off":               {policies.Block, "off", "off", policies.Unknown},
		"observe":           {policies.Block, "observe", "only observes", policies.Red},
		"no file":           {policies.Block, noFile, "no file", policies.Red},
		"off after it warn": {policies.Warn, "off", "off", policies.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			x := redUnder(t, c.from)
			plan := x.writes(c.to, 2)
			if told := messages(plan.Effects); len(told) != 2 || !strings.Contains(told[1], "no longer watched") || !judged(plan) {
				t.Errorf("the channel hears %q", told)
			}
			if x.health() != c.after || slices.Contains(factKinds(plan), "main.unwatched") != (c.after == policies.Unknown) {
				t.Errorf("main is %s: %v", x.health(), factKinds(plan))
			}
			shown := x.judge()
			if len(shown) != 1 || shown[0].Conclusion != bot.Neutral || !strings.Contains(shown[0].Summary, c.says) {
				t.Errorf("the change that waited is shown %+v", shown)
			}
			if again := x.judge(); len(again) > 0 {
				t.Errorf("and again %+v", again)
			}
			due := x.tell(bot.RedDue{Repo: tea, Branch: "main", Number: 1, After: 10 * time.Minute})
			if len(due.Effects) > 0 {
				t.Errorf("people are reminded: %+v", due.Effects)
			}
		})
	}
}

// What only observed told nobody, and nobody is told of its end.
func TestWhatObservedEndsInSilence(t *testing.T) {
	x := redUnder(t, policies.Observe)
	if told := messages(x.writes("off", 2).Effects); len(told) > 0 || len(x.judge()) > 0 {
		t.Errorf("somebody hears %q", told)
	}
}

func TestGreenThatIsAskedForAgain(t *testing.T) {
	x := redUnder(t, policies.Observe)
	if told := messages(x.writes("block", 2).Effects); len(told) != 1 || !strings.Contains(told[0], "main is red") {
		t.Errorf("the channel hears %q", told)
	}
	if shown := x.judge(); len(shown) != 1 || shown[0].Status != bot.InProgress {
		t.Errorf("the change is shown %+v", shown)
	}
}
