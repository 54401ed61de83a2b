package flow_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
)

// TestALateFailureAmendsTheWeek: the lines that changed are told as they were,
// and no other; looked at once more it is what it is.
func TestALateFailureAmendsTheWeek(t *testing.T) {
	s := new(story).live("r0", "a", 1, nil).live("r1", "b", 160, change(1, 100, 120))
	p := goldenPeriod()
	p.Now = p.To.Add(9 * 3600e9)
	before := flow.SaidOf(flow.New(flow.FromFacts(s.facts), p), nil)
	s.learn("release.failed", 180, map[string]any{"rollout": "r1", "from": "rollback"})
	p.Now = p.To.Add(57 * 3600e9)
	now := flow.New(flow.FromFacts(s.facts), p)
	outdated := flow.Outdated(before, flow.SaidOf(now, nil))
	want := []flow.Said{{"Change fail rate", "0 of 1 failed (0 %)", 1}, {"Recovery time", "no deployment failed", 0}}
	if diff := cmp.Diff(want, outdated); diff != "" {
		t.Error(diff)
	}
	text, blocks := flow.Slack(now)
	amended, marked := flow.Amended(text, blocks, outdated, p.Now)
	const note = "Amended on 16 Sep 09:00 UTC by what came late. It said before: *Change fail rate* 0 of 1 failed (0 %) (n=1); *Recovery time* no deployment failed (n=0)"
	if amended != text+" (amended)" || len(marked) != len(blocks)+1 || marked[2].Kind != bot.Context || marked[2].Text != note {
		t.Errorf("%q, %+v", amended, marked)
	}
	if again := flow.Outdated(flow.SaidOf(now, nil), flow.SaidOf(now, nil)); len(again) != 0 {
		t.Errorf("%+v", again)
	}
}

// TestAnAmendedReportKeepsItsBounds, whatever services are called.
func TestAnAmendedReportKeepsItsBounds(t *testing.T) {
	outdated := []flow.Said{{"<!channel> " + strings.Repeat("s", 2000), "3 deployments", 3}}
	text, blocks := flow.Slack(busy(t))
	_, blocks = flow.Amended(text, blocks, outdated, goldenPeriod().To)
	total := 0
	for _, b := range blocks {
		total += utf8.RuneCountInString(b.Text + strings.Join(b.Fields, ""))
		if b.Kind != bot.Header && strings.Contains(b.Text, "<!") {
			t.Errorf("a mention in %q", b.Text)
		}
	}
	if len(blocks) > 10 || total > 3900 {
		t.Errorf("%d blocks of %d characters", len(blocks), total)
	}
	if _, blocks = flow.Amended("", nil, outdated, goldenPeriod().To); len(blocks) != 1 {
		t.Errorf("%+v", blocks)
	}
}
