package words

import (
	"fmt"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Overridden says why a change may be larger than the limit, and how large.
func Overridden(limit int, most []string, reason string) string {
	why := ""
	if reason != "" {
		why = " Reason: " + Code(reason) + "."
	}
	return fmt.Sprintf("The limit here is %d; this change may pass, and grow to %s.%s", limit, strings.Join(most, " and "), why)
}

// AskForOverride is how a change passes that cannot be smaller.
func AskForOverride(role bot.Role, most []string, lasts time.Duration) string {
	return fmt.Sprintf("Or somebody else with the role `%s` comments `/override batch <reason>`: it holds up to %s, for %s.", role, strings.Join(most, " and "), For(lasts))
}

// Outgrown says why an override does not hold any more.
func Outgrown(by bot.Person, most []string) string {
	return fmt.Sprintf("What %s allowed was at most %s.", Code(string(by.Login)), strings.Join(most, " and "))
}

// OverrideGranted answers the one who granted it.
func OverrideGranted(on bot.ChangeRef, most []string, until time.Time, reason string) string {
	answer := fmt.Sprintf("✅ #%d may pass `roundtrip / batch` up to %s, until %s. It is in the record", on.Number, strings.Join(most, " and "), Moment(until))
	if reason != "" {
		answer += ": " + Code(reason)
	}
	return answer + ".\n"
}

// Judged answers who asked for a change to be judged anew, in chat.
func Judged(c bot.ChangeRef) string {
	return fmt.Sprintf("🔁 #%d is counted and judged anew; its checks show it.\n", c.Number)
}
