package flow_test

import (
	"slices"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/flow"
)

// What was watched no more was red for at least so long, and never green again.
func TestRedUntilUnwatched(t *testing.T) {
	s := new(story).learn("main.broke", 1, map[string]any{"branch": "main", "number": 1})
	s.learn("main.unwatched", 1.1, map[string]any{"branch": "main", "number": 1})
	r := s.report().Result("red_main")
	if len(r.Items) != 1 || !r.Items[0].AtLeast || r.Line != "red for 6 min, broke once, 0 green again in 10 min" {
		t.Errorf("%q, %+v", r.Line, r.Items)
	}
	if !slices.ContainsFunc(r.Notes, func(c flow.Count) bool { return c.Why == "red until it was watched no more" }) {
		t.Errorf("notes %+v", r.Notes)
	}
}
