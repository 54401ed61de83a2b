package words

import (
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Refused is how a command that cannot run is answered.
func Refused(r bot.Refusal) string {
	s := r.Reaction().Sign + " " + sentence(r.Message)
	if r.Advice == "" {
		return s + "\n"
	}
	if !strings.HasPrefix(r.Advice, "/") {
		return s + "\n\n" + r.Advice + "\n"
	}
	for _, line := range strings.Split(r.Advice, "\n") { // a choice: each can be copied by itself
		s += "\n\n" + Paste(line)
	}
	return s + "\n"
}

// ChatRefused is the same in chat, where a command begins with our name.
func ChatRefused(r bot.Refusal) string {
	var lines []string
	for _, l := range strings.Split(r.Reaction().Sign+" "+sentence(r.Message), "\n") {
		if l = Slack(l); l != "" {
			lines = append(lines, l)
		}
	}
	for _, advice := range strings.Split(r.Advice, "\n") {
		if command, ok := strings.CutPrefix(advice, "/"); ok {
			advice = "/roundtrip " + command
		}
		if advice != "" {
			lines = append(lines, Slack(advice))
		}
	}
	return strings.Join(lines, "\n")
}
