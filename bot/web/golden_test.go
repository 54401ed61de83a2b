package web

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

func TestHome(t *testing.T) {
	html := see(t, world(t), "/").Body.String()
	for _, want := range []string{"main of acme/shop is red", "unit fails since aaaaaaa", "nobody has taken it yet", "/main claim", "shop rests in canary at 25 %", "7 Oct 14:00 UTC", "Failed: comment on acme/shop#12", "Sort by price", "1 effect held"} {
		if !strings.Contains(html, want) {
			t.Errorf("home does not say %q", want)
		}
	}
	golden(t, "home.html", html)
}

func TestHomeWhenSomebodyMustLook(t *testing.T) {
	s := &shelf{at: began.Add(time.Hour)}
	slot, p := begin(s)
	p.placed("start")
	for range 3 {
		p.look(400, "")
	}
	p.tell(deploy.Settled{Verb: "abort", Outcome: bot.InDoubt, Detail: "the executor went away"})
	s.keep(t, slot.Settle(p.r, p.now), p.r)
	s.owe(t, bot.AbortStage{Order: p.r.Order()}, bot.TaskDoubtful, "the executor went away")
	html := see(t, s, "/").Body.String()
	for _, want := range []string{"Nobody knows what runs in production of shop", "Doubtful: take back shop bbbbbbb in canary", "/rollback shop:canary", "@ann began the rollout"} {
		if !strings.Contains(html, want) {
			t.Errorf("home does not say %q", want)
		}
	}
	golden(t, "home_doubt.html", html)
}

func TestChange(t *testing.T) {
	html := see(t, world(t), "/changes/acme/shop/12").Body.String()
	for _, want := range []string{"17 lines: small", "shown on GitHub", "main is red", "this policy only observes", "/rollouts/42/7/shop/production/4", "healthy, waits for promotion"} {
		if !strings.Contains(html, want) {
			t.Errorf("the change does not say %q", want)
		}
	}
	golden(t, "change.html", html)
}

func TestRollout(t *testing.T) {
	html := see(t, world(t), "/rollouts/42/7/shop/production/4").Body.String()
	for _, want := range []string{"healthy, waits for promotion", "×", "class=\"line canary\"", "5 %", "25 %", "1 window of which nothing is known", "observed only", "@ann", "asked for it"} {
		if !strings.Contains(html, want) {
			t.Errorf("the rollout does not say %q", want)
		}
	}
	golden(t, "rollout_resting.html", html)
}

func TestRolloutThatWentBack(t *testing.T) {
	s := &shelf{at: began.Add(time.Hour)}
	slot, p := begin(s)
	p.placed("start")
	for range 3 {
		p.look(60, "")
	}
	p.tell(deploy.Settled{Verb: "abort", Outcome: bot.Done})
	s.keep(t, slot.Settle(p.r, p.now), p.r)
	html := see(t, s, "/rollouts/"+p.r.ID).Body.String()
	for _, want := range []string{"rolled back", "times those of stable", ">worse</text>", "not reached", "goes back"} {
		if !strings.Contains(html, want) {
			t.Errorf("the rollout does not say %q", want)
		}
	}
	golden(t, "rollout_back.html", html)
}

// TestRolloutThatSawNothing: a rollout that is over does not promise that more
// will be seen.
func TestRolloutThatSawNothing(t *testing.T) {
	s := &shelf{at: began.Add(time.Hour)}
	slot, p := begin(s)
	p.placed("start")
	p.tell(deploy.Abort{})
	p.tell(deploy.Settled{Verb: "abort", Outcome: bot.Done})
	s.keep(t, slot.Settle(p.r, p.now), p.r)
	html := see(t, s, "/rollouts/"+p.r.ID).Body.String()
	if !p.r.State.Ended() || !strings.Contains(html, "not seen<") || strings.Contains(html, "not seen yet") {
		t.Errorf("it is %s, and says of its metrics:\n%s", p.r.State, html)
	}
}

func TestRolloutAtItsBeginning(t *testing.T) {
	s := &shelf{at: began.Add(30 * time.Second)}
	slot, p := begin(s)
	s.keep(t, slot, p.r)
	golden(t, "rollout_begun.html", see(t, s, "/rollouts/"+p.r.ID).Body.String())
}
