package flow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
)

// TestTheGoldenWeekByService: one service is the whole, with the same numbers.
func TestTheGoldenWeekByService(t *testing.T) {
	h, p := flow.FromFacts(readGolden(t).facts(t, true)), goldenPeriod()
	want := flow.Text(flow.New(h, p))
	p.Service = ""
	whole, parts := flow.ByService(h, p, []string{"shop"})
	if got := flow.Text(whole); got != want || len(parts) != 0 {
		t.Errorf("%d parts, %s", len(parts), got)
	}
	whole, parts = flow.ByService(h, p, []string{"api", "shop"})
	if len(parts) != 2 || flow.Text(parts[1]) != want || parts[0].Moved() || !parts[1].Moved() || whole.Period.Service != "" {
		t.Errorf("%+v", parts)
	}
}

// TestManyServicesKeepTheBounds of a message in chat.
func TestManyServicesKeepTheBounds(t *testing.T) {
	facts := readGolden(t).facts(t, true)
	for i := range 30 {
		facts = append(facts, bot.NewFact("release.live", shop, "", goldenPeriod().From.Add(time.Hour), map[string]any{
			"service": fmt.Sprintf("<!here> %02d %s", i, strings.Repeat("s", 200)), "environment": "production", "rollout": fmt.Sprint("S", i), "sha": fmt.Sprint(i), "kind": "deploy",
		}))
	}
	p := goldenPeriod()
	p.Service = ""
	whole, parts := flow.ByService(flow.FromFacts(facts), p, nil)
	text, blocks := flow.SlackOf(whole, parts)
	_, reply := flow.Reply(parts[0])
	total := 0
	for _, b := range append(blocks, reply...) {
		total += utf8.RuneCountInString(b.Text + strings.Join(b.Fields, ""))
		if b.Kind != bot.Header && strings.Contains(b.Text, "<!") {
			t.Errorf("a mention in %q", b.Text)
		}
	}
	if len(parts) != 31 || len(blocks) > 10 || total > 4500 || !strings.Contains(blocks[2].Text, "and 23 more services") {
		t.Errorf("%d parts, %d blocks of %d characters, %q: %+v", len(parts), len(blocks), total, text, blocks[2])
	}
}

// TestAReportOfNothingAtAll names no repository: none is known.
func TestAReportOfNothingAtAll(t *testing.T) {
	p := goldenPeriod()
	p.Repo, p.Service = "", ""
	if text := flow.Text(flow.New(flow.History{}, p)); !strings.HasPrefix(text, "all services in production\n") {
		t.Errorf("%s", text)
	}
	if _, blocks := flow.Slack(flow.New(flow.History{}, p)); blocks[0].Text != "How work flowed: all services in production" {
		t.Errorf("%q", blocks[0].Text)
	}
}
