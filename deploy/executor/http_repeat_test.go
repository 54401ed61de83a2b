package executor_test

import (
	"context"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
)

// An order whose answer is lost on a connection that was used before is not sent
// again by itself: whoever ordered is told, and asks what became of it first.
func TestNobodyBelowSendsAnOrderAgain(t *testing.T) {
	w := newWorld(t)
	s, err := executor.New([]executor.Endpoint{{Name: "shop-cd", Kind: "http", URL: w.url, Secret: secret, MayUse: ours}}, executor.Options{Now: w.Now})
	if err != nil {
		t.Fatal(err)
	}
	o := named("shop-cd", "acme/shop")
	starter := s.All()[0].(interface {
		Confirm(context.Context, bot.Order) (bot.Receipt, bool, error)
	})
	if _, done, err := starter.Confirm(t.Context(), bot.StartStage{Order: o}); err != nil || done {
		t.Fatalf("before it is ordered it is there: %v (%v)", done, err)
	}
	w.target.LoseAnswers(1)
	if _, err := s.All()[0].Perform(t.Context(), bot.Job{Effect: bot.StartStage{Order: o}}); err == nil {
		t.Error("nobody was told that the answer was lost")
	}
	if asked, changed := w.target.Count(fakeprod.OpStart, o.Key); asked != 1 || changed != 1 {
		t.Errorf("it was sent %d times and carried out %d times", asked, changed)
	}
}
