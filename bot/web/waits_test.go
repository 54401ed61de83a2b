package web

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// What is doubtful has a next step while its rollout goes on, and is shown no
// more once that has ended and it is known what runs.
func TestWhatIsDoubtfulWaitsAsLongAsItsRollout(t *testing.T) {
	s := &shelf{at: began.Add(time.Hour)}
	slot, p := begin(s)
	p.placed("start")
	s.keep(t, slot, p.r)
	s.owe(t, bot.SetWeight{Order: p.r.Order()}, bot.TaskDoubtful, "the executor went away")
	says := func() string { return see(t, s, "/").Body.String() }
	for _, want := range []string{"Doubtful: 5 % for shop", "@ann began the rollout", "/abort shop:canary"} {
		if html := says(); !strings.Contains(html, want) {
			t.Errorf("while it goes on home does not say %q:\n%s", want, html)
		}
	}
	p.tell(deploy.Abort{By: ann, Reason: "enough"})
	s.keep(t, slot, p.r)
	if html := says(); !strings.Contains(html, "/status shop:canary") || strings.Contains(html, "/abort") {
		t.Errorf("while it goes back:\n%s", html)
	}
	p.tell(deploy.Settled{Verb: "abort", Outcome: bot.Done})
	p.tell(deploy.Observed{Observation: bot.Observation{State: bot.StageAborted}})
	if !p.r.State.Ended() {
		t.Fatalf("it is %s", p.r.State)
	}
	s.keep(t, slot.Settle(p.r, p.now), p.r)
	if html := says(); strings.Contains(html, "Doubtful") {
		t.Errorf("it is over:\n%s", html)
	}
}

// A deploy that could not go back is shown, though nothing was live there, with
// a line that is not refused: back where there is something to go back to, else
// forward, unless that commit is refused there. So is what of it is in doubt.
func TestHomeShowsWhatCouldNotGoBack(t *testing.T) {
	forward := "/deploy shop:canary @" + string(newer)
	for name, c := range map[string]struct {
		first, blamed bool
		says, line    string
	}{
		"back":                    {false, false, "bring back what was good", "/rollback shop:canary"},
		"the first ever":          {true, false, "nothing to go back to: deploy what you trust and name its commit in full", forward},
		"the first ever, refused": {true, true, "nothing to go back to: deploy a repair and name its commit in full, as in /deploy shop:canary @…", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := &shelf{at: began.Add(time.Hour)}
			slot, p := begin(s)
			if p.r.State, p.r.Blamed = deploy.RollbackFailed, c.blamed; c.first {
				slot.Live, slot.Good = nil, nil
			}
			s.keep(t, slot.Settle(p.r, p.now), p.r)
			s.owe(t, bot.AbortStage{Order: p.r.Order()}, bot.TaskDoubtful, "the executor went away")
			html := see(t, s, "/").Body.String()
			for _, want := range []string{"acme/shop", "Nobody knows what runs in production of shop", c.says, "Doubtful: take back shop"} {
				if !strings.Contains(html, want) {
					t.Errorf("home does not say %q:\n%s", want, html)
				}
			}
			for _, line := range []string{"/rollback shop:canary", forward} {
				if n, want := strings.Count(html, line), map[bool]int{true: 2}[line == c.line]; n != want {
					t.Errorf("home says %d times %s", n, line)
				}
			}
		})
	}
}
