package handlers

import (
	"slices"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// Of two services that finish together each sees the other still run from the
// deployment: the one that is saved last must look again.
func TestWhoKeepsADeploymentRestsOnTheOtherSlot(t *testing.T) {
	x := newStreet()
	x.services = []deploy.Service{{Name: "tea"}, {Name: "cups"}}
	x.reported(t, 77, 9)
	slot, _ := x.slot(t)
	r := deploy.Rollout{Slot: deploy.SlotKey(tea, "cups", "production"), Outside: 77, Release: deploy.Release{Repo: tea}}
	var plan bot.Plan
	if err := x.handlers().retire(t.Context(), r, x.now, &plan); err != nil {
		t.Fatal(err)
	}
	if want := []bot.Seen{{Key: slot.DocKey(), Version: slot.V}}; !slices.Equal(plan.Seen, want) || len(plan.Effects) != 0 {
		t.Errorf("the plan rests on %+v, want %+v; it asks for %+v", plan.Seen, want, plan.Effects)
	}
}
