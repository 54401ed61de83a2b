package flow

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// apart are the measures that stand below DORA's five. Those of main are the
// repository's alone, whichever service a report is about.
var (
	apart  = map[string]bool{"between_deploys": true, "batch_size": true, "red_main": true}
	ofMain = map[string]bool{"batch_size": true, "red_main": true}
)

// Slack is the report as a chat message: what a notification shows, and its
// blocks. It stays below ten blocks and 3,000 characters.
func Slack(r Report) (text string, blocks []bot.Block) {
	what := words.Slack(r.Period.what())
	text = fmt.Sprintf("How work flowed - %s. %s", what, r.sentence())
	blocks = []bot.Block{
		{Kind: bot.Header, Text: short("How work flowed: "+r.Period.what(), 150)},
		{Kind: bot.Section, Text: fmt.Sprintf("%s\n%s", r.Period.name(), r.sentence())},
	}
	if r.Quiet {
		return text, blocks
	}
	var five, below, left []string
	for _, m := range r.Results {
		line := fmt.Sprintf("%s (n=%d)", words.Slack(m.Line), m.N)
		if apart[m.Name] {
			below = append(below, fmt.Sprintf("*%s*: %s", m.Title, line))
		} else {
			five = append(five, fmt.Sprintf("*%s*", m.Title), line)
		}
		if l := m.left(); l != "" {
			left = append(left, fmt.Sprintf("%s: %s", m.Title, words.Slack(l)))
		}
	}
	blocks = append(blocks, bot.Block{Kind: bot.Fields, Fields: five[:min(10, len(five))]}, bot.Block{Kind: bot.Section, Text: strings.Join(below, "\n")})
	if len(left) > 0 {
		blocks = append(blocks, bot.Block{Kind: bot.Context, Text: short(strings.Join(left, "\n"), 900)})
	}
	return text, append(blocks, bot.Block{Kind: bot.Context, Text: r.small()})
}

// short cuts s to n characters.
func short(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}
