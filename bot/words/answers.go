package words

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// GateRow is a gate that stands in the way.
type GateRow struct {
	Gate, Result, Says, Advice string
}

// GatesRefused lists all that stands in the way at once, with the first thing
// to do.
func GatesRefused(stage string, sha bot.SHA, rows []GateRow) bot.Refusal {
	var says []string
	advice := ""
	for _, r := range rows {
		mark := "❌"
		if r.Result == "pending" {
			mark = "⏳"
		}
		says = append(says, fmt.Sprintf("%s %s: %s", mark, r.Gate, r.Says))
		if advice == "" {
			advice = r.Advice
		}
	}
	return bot.Refusal{Message: fmt.Sprintf("%s may not go to %s yet\n\n- %s", sha.Short(), stage, strings.Join(says, "\n- ")), Advice: advice}
}

// Chat turns an answer written in Markdown into Slack's markup.
func Chat(markdown string) string {
	var lines []string
	for _, l := range strings.Split(strings.TrimSpace(markdown), "\n") {
		l = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(l)
		if heading, ok := strings.CutPrefix(l, "### "); ok {
			l = "*" + heading + "*"
		}
		lines = append(lines, strings.ReplaceAll(l, "**", "*"))
	}
	if s := strings.Join(lines, "\n"); s != "" {
		return s
	}
	return "✅ Done. The channel and the pull request will tell."
}

// MistakesInFile tells the channel that the file is wrong.
func MistakesInFile(repo bot.RepoName, path string, sha bot.SHA, mistakes []string) (text string, blocks []bot.Block) {
	text = Slack(fmt.Sprintf("⚠️ %s of %s has %s since %s", path, repo, Plural(len(mistakes), "mistake"), sha.Short()))
	var list []string
	for _, m := range mistakes[:min(5, len(mistakes))] {
		list = append(list, "• "+Slack(m))
	}
	if more := len(mistakes) - len(list); more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return text, []bot.Block{
		{Kind: bot.Section, Text: "*" + text + "*\n" + strings.Join(list, "\n")},
		{Kind: bot.Section, Text: "*Next:* correct the file; `roundtrip check " + Slack(path) + "` tells you before you push."},
		{Kind: bot.Context, Text: "Policies go on with the last good version; nothing new is deployed until the file is right."},
	}
}
