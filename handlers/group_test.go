package handlers

import (
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// A queue waits for a check that its changes were shown, also when the policy
// was turned off meanwhile; what no change is shown no group is shown either.
func TestAGroupIsAnsweredAsItsChangesWere(t *testing.T) {
	for name, c := range map[string]struct {
		opened, queued policies.Mode
		pushed         bool // a new head between
		want           string
	}{
		"asked for":                {opened: policies.Block, queued: policies.Block, want: bot.Success},
		"turned on meanwhile":      {opened: policies.Observe, queued: policies.Warn, want: bot.Success},
		"observes meanwhile":       {opened: policies.Block, queued: policies.Observe, want: bot.Neutral},
		"off meanwhile":            {opened: policies.Warn, queued: policies.Off, want: bot.Neutral},
		"off, then pushed again":   {opened: policies.Warn, queued: policies.Off, pushed: true, want: ""},
		"only ever observed":       {opened: policies.Observe, queued: policies.Observe, want: ""},
		"observed, and now is off": {opened: policies.Observe, queued: policies.Off, want: ""},
	} {
		t.Run(name, func(t *testing.T) {
			x := ruled{&branch{desk: newDesk(), t: t, now: teaTime}}
			x.file, x.head = string(c.opened), teaSHA(1)
			change := openChange(5, teaSHA(50))
			x.tell(bot.ChangeUpdated{Action: "opened", Change: change})
			x.writes(string(c.queued), 2)
			if c.pushed {
				change.Head, change.Updated = teaSHA(51), x.now
				x.tell(bot.ChangeUpdated{Action: "synchronize", Change: change})
			}
			got := ""
			for _, e := range x.tell(bot.GroupFormed{Repo: tea, SHA: teaSHA(70), Base: "main", Last: 5}).Effects {
				if s, ok := e.(bot.SetCheck); ok && s.Name == "roundtrip / main" && s.SHA == teaSHA(70) {
					got = s.Conclusion
				}
			}
			if got != c.want {
				t.Errorf("the group is shown %q, want %q", got, c.want)
			}
		})
	}
}
