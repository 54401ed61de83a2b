package policies

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

func sized(added, deleted, files int) bot.Change {
	return bot.Change{Author: "ann", Added: added, Deleted: deleted, Files: files, HasTotals: true}
}

func TestBatch(t *testing.T) {
	robot := sized(9000, 0, 1)
	robot.Author = "Renovate[bot]"
	for _, c := range []struct {
		name       string
		change     bot.Change
		mode       Mode
		conclusion string
		title      string
	}{
		{"on target", sized(14, 6, 2), Block, bot.Success, "20 lines - on target"},
		{"one line", sized(1, 0, 1), Block, bot.Success, "1 line - on target"},
		{"nothing", sized(0, 0, 1), Block, bot.Success, "0 lines - on target"},
		{"above the target", sized(21, 0, 2), Block, bot.Success, "21 lines - the target is 20"},
		{"at the guide", sized(50, 50, 2), Block, bot.Success, "100 lines - the target is 20"},
		{"above the guide", sized(101, 0, 2), Block, bot.Neutral, "101 lines - over the 100-line guide"},
		{"at the limit", sized(0, 400, 2), Block, bot.Neutral, "400 lines - over the 100-line guide"},
		{"above the limit", sized(401, 0, 2), Block, bot.Failure, "401 lines - the limit here is 400"},
		{"above the limit, warned", sized(401, 0, 2), Warn, bot.Neutral, "401 lines - the limit here is 400"},
		{"above the limit, observed", sized(401, 0, 2), Observe, bot.Neutral, "401 lines - the limit here is 400"},
		{"many files", sized(20, 0, 21), Block, bot.Neutral, "21 files - over the guide of 20"},
		{"too many files", sized(20, 0, 51), Block, bot.Failure, "51 files - the limit here is 50"},
		{"too many files, warned", sized(20, 0, 51), Warn, bot.Neutral, "51 files - the limit here is 50"},
		{"exempt", robot, Block, bot.Success, "exempt"},
		{"no totals", bot.Change{Author: "ann"}, Block, bot.Failure, "did not say"},
		{"no totals, warned", bot.Change{Author: "ann"}, Warn, bot.Neutral, "did not say"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Defaults()
			s.Batch.Mode, s.Batch.Exempt = c.mode, []string{"renovate[bot]"}
			v := batch().Judge(Facts{Change: c.change}, s)
			if v.Status != bot.Completed || v.Conclusion != c.conclusion || !strings.Contains(v.Title, c.title) || v.Summary == "" {
				t.Errorf("%+v", v)
			}
		})
	}
}

// What is offered helps: nothing where all is well.
func TestWhatIsOffered(t *testing.T) {
	exact := func(n int) Facts {
		return Facts{Change: sized(n, 0, 2), Counted: &words.Counted{Lines: n, Files: 2}}
	}
	rough := exact(50)
	rough.Counted.About = true
	for name, c := range map[string]struct {
		facts Facts
		mode  Mode
		want  string
	}{
		"on target": {exact(9), Block, ""}, "not exact": {rough, Block, "recount"}, "over the guide": {exact(101), Block, "split recount"},
		"over the limit": {exact(401), Block, "split recount ask_override"}, "over the limit, warned": {exact(401), Warn, "split recount"},
		"of unknown size": {Facts{}, Block, "recount"},
	} {
		s := Defaults()
		s.Batch.Mode = c.mode
		if got := strings.Join(batch().Judge(c.facts, s).Offers, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestNoLimit(t *testing.T) {
	s := Settings{Batch: BatchSettings{Mode: Block, Lines: Limits{Target: 20}}}
	if v := batch().Judge(Facts{Change: sized(5000, 0, 900)}, s); v.Conclusion != bot.Success {
		t.Errorf("a limit of 0 limits: %+v", v)
	}
}

// A larger change is never judged milder, only block fails, and only above
// its limit; we never say skipped.
func TestLargerIsNeverMilder(t *testing.T) {
	rank := map[string]int{bot.Success: 0, bot.Neutral: 1, bot.Failure: 2}
	rapid.Check(t, func(t *rapid.T) {
		s := Defaults()
		s.Batch.Mode = rapid.SampledFrom([]Mode{Observe, Warn, Block}).Draw(t, "mode")
		n := rapid.IntRange(0, 600)
		small := sized(n.Draw(t, "added"), n.Draw(t, "deleted"), rapid.IntRange(0, 60).Draw(t, "files"))
		large := sized(small.Added+n.Draw(t, "more"), small.Deleted+n.Draw(t, "more gone"), small.Files+rapid.IntRange(0, 9).Draw(t, "more files"))
		a, b := batch().Judge(Facts{Change: small}, s), batch().Judge(Facts{Change: large}, s)
		low, known := rank[a.Conclusion]
		high, known2 := rank[b.Conclusion]
		if !known || !known2 || low > high {
			t.Fatalf("%+v is %s, and %+v is %s", small, a.Conclusion, large, b.Conclusion)
		}
		if blocked := s.Batch.Mode == Block && (large.Lines() > 400 || large.Files > 50); (b.Conclusion == bot.Failure) != blocked {
			t.Fatalf("%+v is %s in mode %s", large, b.Conclusion, s.Batch.Mode)
		}
	})
}

func TestTable(t *testing.T) {
	names := map[string]bool{}
	for _, p := range All() {
		if p.Doc == "" || p.Name == "" || names[p.Name] || names[p.Check] || !strings.HasPrefix(p.Check, "roundtrip / ") {
			t.Errorf("policy %+v", p)
		}
		names[p.Name], names[p.Check] = true, true
		if p.Mode(Defaults()) != Observe {
			t.Errorf("%s is not observed without a file", p.Name)
		}
		if v := p.Judge(Facts{}, Settings{}); v.Status != bot.Completed || v.Title == "" {
			t.Errorf("%s of nothing: %+v", p.Name, v)
		}
	}
}
