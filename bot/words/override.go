package words

import (
	"fmt"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Overridden says why a change may be larger than the limit, and how large.
func Overridden(limit int, most []string, only bot.SHA, reason string) string {
	why := ""
	if reason != "" {
		why = " Reason: " + Code(reason) + "."
	}
	return fmt.Sprintf("The limit here is %d; this change may pass%s.%s", limit, grows(most, only), why)
}

// grows says how far a change may: not at all where it was not known how large
// it is.
func grows(most []string, only bot.SHA) string {
	if only != "" {
		return " at " + only.Short() + " alone, since its size is not known exactly"
	}
	return ", and grow to " + strings.Join(most, " and ")
}

// AskForOverride is how a change passes that cannot be smaller.
func AskForOverride(role bot.Role, most []string, only bot.SHA, lasts time.Duration) string {
	return fmt.Sprintf("Or somebody else with the role `%s` comments `/override batch <reason>`: it holds %s, for %s.", role, upTo(most, only), For(lasts))
}

func upTo(most []string, only bot.SHA) string {
	if only != "" {
		return "for " + only.Short() + " alone"
	}
	return "up to " + strings.Join(most, " and ")
}

// Outgrown says why an override does not hold any more.
func Outgrown(by bot.Person, most []string, only bot.SHA) string {
	if only != "" {
		return fmt.Sprintf("What %s allowed was %s alone.", Code(string(by.Login)), only.Short())
	}
	return fmt.Sprintf("What %s allowed was at most %s.", Code(string(by.Login)), strings.Join(most, " and "))
}

// OverrideGranted answers the one who granted it.
func OverrideGranted(on bot.ChangeRef, most []string, only bot.SHA, until time.Time, reason string) string {
	answer := fmt.Sprintf("✅ #%d may pass `roundtrip / batch` %s, until %s. It is in the record", on.Number, upTo(most, only), Moment(until))
	if reason != "" {
		answer += ": " + Code(reason)
	}
	return answer + ".\n"
}

// Judged answers who asked for a change to be judged anew, in chat.
func Judged(c bot.ChangeRef) string {
	return fmt.Sprintf("🔁 #%d is counted and judged anew; its checks show it.\n", c.Number)
}

// OverrideWanted asks those who may to let a change pass.
func OverrideWanted(by bot.Person, on bot.ChangeRef, limit int, role bot.Role, most []string, only bot.SHA, lasts time.Duration) string {
	return fmt.Sprintf("🙋 `roundtrip / batch` holds #%d, whose limit is %d lines; that it passes all the same was asked for by %s.\n\n"+
		"Somebody with the role `%s` who did not write it may say so, with a reason. It holds %s, for %s.\n\n%s\n",
		on.Number, limit, by.Name(), role, upTo(most, only), For(lasts), Paste("/override batch reason"))
}

// Beside is what a check says of a button beside it that was pressed.
func Beside(label string, by bot.Person, comment bool, r bot.Refusal) string {
	switch {
	case r.Message != "":
		said := fmt.Sprintf("%s *%s*, pressed by %s: %s", r.Reaction().Sign, plain(label, 20), by.Name(), sentence(r.Message))
		if advice, _, _ := strings.Cut(r.Advice, "\n"); strings.HasPrefix(advice, "/") {
			said += " Next: comment " + Code(advice) + "."
		}
		return said
	case comment:
		return fmt.Sprintf("*%s*, pressed by %s: the answer is in the conversation.", label, by.Name())
	}
	return fmt.Sprintf("*%s*, pressed by %s: done.", label, by.Name())
}
