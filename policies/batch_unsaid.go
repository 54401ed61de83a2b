package policies

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// unknownSize: what nobody has counted is no small change.
func unknownSize(author bot.Login, u Unsaid, mode Mode) Verdict {
	conclusion, may := mode.until("it is counted")
	if u.Never {
		return done(conclusion, "Too many files to count its lines", "Its lines could not be counted"+because(u.Why)+" "+may+uncountable(author))
	}
	return done(conclusion, "GitHub did not say how large this is", "Its lines could not be counted"+because(u.Why)+" "+may+
		"\n\nNext: press *Re-run* to have them counted again, or push. Where GitHub cannot list so large a change, split it:\n\n"+firstPart)
}

// because ends a sentence with a reason, as code: it is somebody else's text.
func because(why string) string {
	if why = strings.Join(strings.Fields(strings.ReplaceAll(why, "`", "'")), " "); why == "" {
		return "."
	}
	return ": `" + why + "`."
}

// uncountable is what helps where counting again does not.
func uncountable(author bot.Login) string {
	return fmt.Sprintf("\n\n*Re-run* counts the same files and cannot help. Next: put part of them into a change of its own:\n\n%s"+
		"\nOr, if the size of this author's changes is not to be judged, a maintainer adds to `.github/roundtrip.yml` on the default branch:\n\n"+
		"```yaml\nbatch:\n  exempt: [%q]\n```\n", firstPart, string(author))
}
