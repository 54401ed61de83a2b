package campaign_test

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/campaign"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

func TestStartsThatAreOneTooMuchAreSeen(t *testing.T) {
	start := fakeprod.Call{Op: fakeprod.OpStart, Key: "s/1", What: "staging abc", Status: 202, Changed: true}
	again := start
	again.Status, again.Changed = 200, false
	other := start
	other.Key = "s/2"
	missing := fakeprod.Call{Op: fakeprod.OpFind, Key: "s/1", Status: 404}
	for name, tc := range map[string]struct {
		calls  []fakeprod.Call
		wrong  int
		killed time.Duration // so long before; 0: nobody was
	}{
		"once":              {[]fakeprod.Call{start}, 0, 0},
		"under another key": {[]fakeprod.Call{start, other}, 1, 0},
		"what was on its way at a kill comes after the answer": {[]fakeprod.Call{missing, start, again}, 0, time.Second},
		"a kill long ago is no reason":                         {[]fakeprod.Call{missing, start, again}, 1, time.Minute},
		"a kill lets nobody do without asking":                 {[]fakeprod.Call{start, again}, 1, time.Second},
	} {
		var killed []time.Time
		if tc.killed > 0 {
			killed = append(killed, start.At.Add(-tc.killed))
		}
		if wrong, began := campaign.StartedTwice(tc.calls, killed); len(wrong) != tc.wrong || began == 0 {
			t.Errorf("%s: %q", name, wrong)
		}
	}
}
