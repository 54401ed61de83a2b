package handlers

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// A button that was drawn for another moment, for nothing, or for something
// else says so and changes nothing.
func TestPressesThatDoNothing(t *testing.T) {
	for name, c := range map[string]struct{ verb, value, says string }{
		"a verb of before":    {"explode", "x@1", "of an older version"},
		"no rollout":          {"promote", "42/7/shop/production/9@3", "do not know what this button"},
		"no turn":             {"abort", "42/7/shop/production/9", "do not know what this button"},
		"a turn of words":     {"abort", "42/7/shop/production/9@now", "do not know what this button"},
		"an incident of none": {"claim", "build/42/7/main@1", "do not know what this button"},
		"a claim on settings": {"claim", "settings/42/7@0", "do not know what this button"},
	} {
		d := bot.Delivery[bot.ButtonPressed]{ID: "slack/1", At: time.Unix(0, 0), Event: bot.ButtonPressed{
			By: bot.Person{Slack: "U1"}, Verb: c.verb, Value: c.value, ChannelID: "C1", Reply: "https://hooks.slack.com/x",
		}}
		plan, err := newDesk().handlers().buttonPressed(t.Context(), d)
		if err != nil || len(plan.Docs)+len(plan.Effects)+len(plan.Timers) > 0 || len(plan.Answers) != 1 {
			t.Errorf("%s: %+v %v", name, plan, err)
			continue
		}
		if w, ok := plan.Answers[0].(bot.Whisper); !ok || !strings.Contains(w.Text, c.says) {
			t.Errorf("%s: it said %+v", name, plan.Answers[0])
		}
	}
}

func TestButtonsAreNamedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range Buttons() {
		if seen[b.Verb] || b.Label == "" || b.Doc == "" || len([]rune(b.Label)) > 30 {
			t.Errorf("%+v", b)
		}
		seen[b.Verb] = true
	}
}
