package words

import (
	"fmt"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Incident is what people see of a red branch.
type Incident struct {
	Repo    bot.RepoName
	Branch  string
	Why     string // "unit fails since 9f3c2ab"
	Change  bot.ChangeRef
	Title   string
	Author  bot.Login
	Since   time.Time
	Healed  time.Time
	Waiting int // open changes that wait
	URL     string
}

// Broke tells the channel that a branch is red: what fails, since when, with
// which change, and what to do. It names the change, not a guilty person.
func (i Incident) Broke() (text string, blocks []bot.Block) {
	text = fmt.Sprintf("🔴 %s is red in %s: %s", Slack(i.Branch), Slack(string(i.Repo)), Slack(i.Why))
	with := "with a direct push"
	if !i.Change.IsZero() {
		with = fmt.Sprintf("with #%d %s by %s", i.Change.Number, Slack(i.Title), Slack(string(i.Author)))
	}
	blocks = []bot.Block{
		{Kind: bot.Section, Text: fmt.Sprintf("*🔴 %s is red in %s*\n%s, %s, since %s.", Slack(i.Branch), Slack(string(i.Repo)), Slack(i.Why), with, Clock(i.Since))},
		{Kind: bot.Section, Text: "*Next:* push a repair or a revert. A change whose run passes what fails may merge at once; all others wait."},
	}
	if i.URL != "" {
		blocks = append(blocks, bot.Block{Kind: bot.Context, Text: Link(i.URL, "log")})
	}
	return text, blocks
}

// Green tells that it is over, and what it cost.
func (i Incident) Green() (text string, blocks []bot.Block) {
	took := For(i.Healed.Sub(i.Since))
	text = fmt.Sprintf("🟢 %s is green again in %s after %s", Slack(i.Branch), Slack(string(i.Repo)), took)
	waited := "No change had to wait."
	if i.Waiting > 0 {
		waited = fmt.Sprintf("%s released.", changes(i.Waiting))
	}
	return text, []bot.Block{{Kind: bot.Section, Text: fmt.Sprintf("*%s*\n%s", text, waited)}}
}

func changes(n int) string {
	if n == 1 {
		return "1 open change is"
	}
	return fmt.Sprintf("%d open changes are", n)
}

// Refused is how a command that cannot run is answered.
func Refused(r bot.Refusal) string {
	s := "👎 " + sentence(r.Message)
	if r.Advice == "" {
		return s + "\n"
	}
	if strings.HasPrefix(r.Advice, "/") {
		return s + "\n\n" + Paste(r.Advice) + "\n"
	}
	return s + "\n\n" + r.Advice + "\n"
}

// ChatRefused is the same in chat, where a command begins with our name.
func ChatRefused(r bot.Refusal) string {
	var lines []string
	for _, l := range strings.Split("👎 "+sentence(r.Message), "\n") {
		if l = Slack(l); l != "" {
			lines = append(lines, l)
		}
	}
	advice := r.Advice
	if command, ok := strings.CutPrefix(advice, "/"); ok {
		advice = "/roundtrip " + command
	}
	if advice != "" {
		lines = append(lines, Slack(advice))
	}
	return strings.Join(lines, "\n")
}
