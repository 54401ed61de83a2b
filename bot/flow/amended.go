package flow

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// Said is a line of a report as people read it: what a later look at the same
// period is held against. What is only to be known of a number, as that it is
// provisional, is no part of it.
type Said struct {
	Title string `json:"title"`
	Line  string `json:"line"`
	N     int    `json:"n"`
}

func (s Said) String() string {
	return fmt.Sprintf("*%s* %s (n=%d)", words.Slack(s.Title), words.Slack(s.Line), s.N)
}

// SaidOf is what a report says, and in a line what it says of each part.
func SaidOf(whole Report, parts []Report) (said []Said) {
	for _, m := range whole.Results {
		said = append(said, Said{m.Title, m.Line, m.N})
	}
	for _, p := range parts {
		said = append(said, Said{p.Period.Service, p.line(), p.Result("deployment_frequency").N})
	}
	return said
}

// Outdated are the lines of before that are not said any more.
func Outdated(before, now []Said) []Said {
	return slices.DeleteFunc(slices.Clone(before), func(s Said) bool { return slices.Contains(now, s) })
}

// Amended is a report's message that says since when it says something else,
// and what it said before.
func Amended(text string, blocks []bot.Block, outdated []Said, at time.Time) (string, []bot.Block) {
	var lines []string
	for _, s := range outdated {
		lines = append(lines, s.String())
	}
	note := fmt.Sprintf("Amended on %s by what came late. It said before: %s", words.Moment(at), strings.Join(lines, "; "))
	where := min(2, len(blocks)) // below the sentence
	return text + " (amended)", slices.Insert(slices.Clone(blocks), where, bot.Block{Kind: bot.Context, Text: short(note, 900)})
}
