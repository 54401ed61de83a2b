package policies

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

func counted(n, files int) Facts {
	return Facts{Change: sized(n, 0, files), Counted: &words.Counted{Lines: n, Files: files}}
}

// An override holds up to its ceiling, for the limits that it was given for
// and no others.
func TestOverridesHoldUpToTheirCeiling(t *testing.T) {
	s := Defaults().Batch
	s.Mode = Block
	given := &Override{By: bot.Person{Login: "mia"}, Reason: "one table", Until: time.Date(2026, 9, 3, 12, 0, 0, 0, time.UTC), Limits: s.Except(counted(612, 3)).Limits}
	if len(given.Limits) != 1 || given.Limits[0] != (Ceiling{What: "line", N: 612, Most: 673}) {
		t.Fatalf("%+v", given.Limits)
	}
	for _, c := range []struct {
		facts             Facts
		title, conclusion string
	}{
		{counted(612, 3), "612 lines - allowed by @mia until 3 Sep 12:00 UTC", bot.Success},
		{counted(673, 3), "673 lines - allowed by @mia until 3 Sep 12:00 UTC", bot.Success},
		{counted(674, 3), "674 lines - the limit here is 400", bot.Failure},
		{counted(612, 51), "51 files - the limit here is 50", bot.Failure},
		{counted(300, 3), "300 lines - over the 100-line guide", bot.Neutral},
	} {
		c.facts.Override = given
		v := judgeBatch(c.facts, s)
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
	got := s.Except(Facts{Change: sized(900, 0, 60), Counted: told}).Mosts()
	if strings.Join(got, ", ") != "450 lines, 60 files, 51 lines in payments" {
		t.Error(got)
	}
}

// Of what nobody counted an override leaves no room: what is counted later is
// far less, and could grow to it unseen.
func TestAnOverrideOfAnUnknownSizeIsOfOneCommit(t *testing.T) {
	s := Defaults().Batch
	s.Mode = Block
	for name, f := range map[string]Facts{
		"not counted":  {Change: sized(9000, 0, 3)},
		"not all seen": {Change: sized(9000, 0, 3), Counted: &words.Counted{Lines: 9000, Files: 3, Missing: 8000, Least: 1000}},
		"two moments":  {Change: sized(9000, 0, 3), Counted: &words.Counted{Lines: 9000, Files: 3, About: true}},
		"blind":        {Change: sized(9000, 0, 3), Counted: &words.Counted{Lines: 9000, Files: 3, Why: "the tree is too large"}},
	} {
		f.Change.Head = "aaaa"
		o := s.Except(f)
		if len(o.Limits) != 1 || o.Limits[0].Most != 9000 || o.Only != "aaaa" {
			t.Errorf("%s: %+v", name, o)
		}
		now := counted(500, 3)
		now.Override, now.Change.Head = &o, "aaaa"
		if v := judgeBatch(now, s); v.Conclusion != bot.Success || !strings.Contains(v.Summary, "at aaaa alone") {
			t.Errorf("%s, the same commit: %+v", name, v)
		}
		now.Change.Head = "bbbb"
		if v := judgeBatch(now, s); v.Conclusion != bot.Failure || !strings.Contains(v.Summary, "was aaaa alone") {
			t.Errorf("%s, another commit: %+v", name, v)
		}
	}
}
