package policies

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// An override holds up to its ceiling, for the limits that it was given for
// and no others.
func TestOverridesHoldUpToTheirCeiling(t *testing.T) {
	s := Defaults().Batch
	s.Mode = Block
	given := &Override{By: bot.Person{Login: "mia"}, Reason: "one table", Until: time.Date(2026, 9, 3, 12, 0, 0, 0, time.UTC), Limits: s.Over(Facts{Change: sized(612, 0, 3)})}
	if len(given.Limits) != 1 || given.Limits[0] != (Ceiling{What: "line", N: 612, Most: 673}) {
		t.Fatalf("%+v", given.Limits)
	}
	for _, c := range []struct {
		change            bot.Change
		title, conclusion string
	}{
		{sized(612, 0, 3), "Up to 612 lines - allowed by @mia until 3 Sep 12:00 UTC", bot.Success},
		{sized(673, 0, 3), "Up to 673 lines - allowed by @mia until 3 Sep 12:00 UTC", bot.Success},
		{sized(674, 0, 3), "Up to 674 lines - the limit here is 400", bot.Failure},
		{sized(612, 0, 51), "Up to 51 files - the limit here is 50", bot.Failure},
		{sized(300, 0, 3), "Up to 300 lines - over the 100-line guide", bot.Neutral},
	} {
		v := judgeBatch(Facts{Change: c.change, Override: given}, s)
		if v.Title != c.title || v.Conclusion != c.conclusion {
			t.Errorf("%+v", v)
		}
		if allowed := v.Conclusion == bot.Success; allowed && (!strings.Contains(v.Summary, "one table") || !strings.Contains(v.Summary, "673 lines")) {
			t.Error(v.Summary)
		}
	}
}

// Each limit has its own ceiling, in scopes too; what warns alone has none.
func TestWhatAnOverrideIsOf(t *testing.T) {
	s := Defaults().Batch
	s.Override.Headroom = 0
	s.Scopes = []Scope{{Name: "payments", Paths: []string{"pay/**"}, Lines: Limits{Block: 50}, Files: Limits{Warn: 1}}}
	told := &words.Counted{Lines: 450, Files: 60, Scopes: []words.Part{{Name: "payments", Lines: 51, Files: 9}}}
	got := Override{Limits: s.Over(Facts{Change: sized(900, 0, 60), Counted: told})}.Mosts()
	if strings.Join(got, ", ") != "450 lines, 60 files, 51 lines in payments" {
		t.Error(got)
	}
}
