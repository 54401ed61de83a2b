package words

import (
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Cleared answers that a commit may be deployed again where it was rolled
// back, with the line that does it.
func Cleared(service, environment string, sha bot.SHA, reason, line string) string {
	return fmt.Sprintf("✅ `%s` of %s may go to %s again: %s\n\n**Next:** every gate is asked as ever.\n\n%s\n", sha.Short(), service, environment, Code(reason), Paste(line))
}

// ClearedInChat tells the channel who lifted the veto, and why.
func ClearedInChat(service, environment string, sha bot.SHA, by, reason string) string {
	return fmt.Sprintf("✅ %s says that `%s` of %s may go to %s again: %s", Slack(by), sha.Short(), Slack(service), Slack(environment), Slack(reason))
}
