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

// A first deploy that could not go back is shown, though nothing was live there.
func TestHomeShowsWhereNothingEverWasLive(t *testing.T) {
	s := &shelf{at: began.Add(time.Hour)}
	slot, p := begin(s)
	slot.Live, slot.Good, p.r.State = nil, nil, deploy.RollbackFailed
	s.keep(t, slot.Settle(p.r, p.now), p.r)
	for _, want := range []string{"acme/shop", "Nobody knows what runs in production of shop", "/rollback shop:canary"} {
		if html := see(t, s, "/").Body.String(); !strings.Contains(html, want) {
			t.Errorf("home does not say %q:\n%s", want, html)
		}
	}
}
