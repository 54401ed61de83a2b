package bot_test

import (
	"slices"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// What several parts of a plan rest on is compared once when it is saved. Of
// two versions both are: one of them is no longer there.
func TestWhatAPlanRestsOnIsNotedOnce(t *testing.T) {
	var plan, part bot.Plan
	for _, p := range []*bot.Plan{&plan, &part, &plan} {
		p.See("build", 3)
		p.See("file", 1)
	}
	part.See("build", 4)
	plan.Join(part)
	if want := []bot.Seen{{Key: "build", Version: 3}, {Key: "file", Version: 1}, {Key: "build", Version: 4}}; !slices.Equal(plan.Seen, want) {
		t.Errorf("it rests on %v, want %v", plan.Seen, want)
	}
}
