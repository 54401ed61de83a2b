package gallery

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// What a refusal is looked through for. Lines to paste count as a next step
// alone: a sample in them is no number and a command in them is no rule.
var (
	// A number, or a value or name in backticks.
	number = regexp.MustCompile("[0-9]|`[^`\\s][^`\n]*`")
	// A rule is a key or the name of the file, what a command takes, a role or
	// permission, what may be at all, or the state that stands in the way.
	rule = regexp.MustCompile(`(?i)` + strings.Join([]string{
		"`[a-z_]+:", `\.github/roundtrip\.yml`, `\bthe file\b`, `\bparameters?\b`,
		"`?/[a-z]+`? (needs|takes|lifts)", `\bcommands?\b`,
		`\b(role|permission)\b`,
		`\b(may|only|never|limit|needs)\b`,
		`\b(red|green|live|draft|closed|merged|open|finished|refused|promoted|taken|watched|frozen|pushed)\b`,
		`\b(rolled|rolling|went|going|go) back\b`, `\bon (its|their) way\b`, `\b(gave|given) up\b`, `\b(has|have) been\b`,
		`\b(not what runs|not the commit|not in my books|an older version|no (change|stage|command)|takes care|lies on top|stopped|holding|could not|full|not answer(ing)?|went wrong)\b`,
	}, "|"))
	// A usage names its parts in brackets; it stands in a line to paste.
	usage = regexp.MustCompile(`(?m)^/.*(\[|@commit)`)
	// What to do begins so, at the beginning of a line or after "Next:".
	does  = regexp.MustCompile(`(?m)^(Add|Ask|Correct|Deploy|Install|Leave|Look|Merge|Name|Nothing to do|Open|Press|Push|Reopen|Talk|Wait)\b`)
	chats = regexp.MustCompile(`(?m)^/roundtrip .*$`)
	fence = regexp.MustCompile("(?s)```.*?```")
)

// lacks says what a refusal must have and has not: a number, a rule and what
// to do next.
func lacks(i Item) (faults []string) {
	text := Open(i.Text())
	told := chats.ReplaceAllString(fence.ReplaceAllString(text, ""), "")
	if !number.MatchString(told) {
		faults = append(faults, "it refuses or tells of a failure without a number or a name")
	}
	if !rule.MatchString(told) && !usage.MatchString(text) {
		faults = append(faults, "it refuses or tells of a failure and does not say by which rule")
	}
	if !leads(text) {
		faults = append(faults, "it refuses or tells of a failure and does not say what is next")
	}
	return faults
}

// leads tells whether a text says what is next: so in words, by a line to
// paste, or by what somebody is to do.
func leads(text string) bool {
	return strings.Contains(text, "Next:") || fence.MatchString(text) || chats.MatchString(text) || does.MatchString(text)
}

// ofCheck says what a check lacks that does not pass, or not without more ado:
// whoever reads it must know what to do, be it nothing.
func ofCheck(c bot.SetCheck) (faults []string) {
	if (c.Status == "in_progress" || c.Conclusion == "neutral") && !strings.Contains(c.Summary, "Next:") {
		faults = append(faults, fmt.Sprintf("it is %s and does not say what is next", said(c)))
	}
	return faults
}

// ofPage says what a page of the bot's lacks: a title, and where something
// waits for somebody, for whom and by which command.
func ofPage(i Item) (faults []string) {
	text := i.Text()
	if !titles.MatchString(i.Page) {
		faults = append(faults, "it has no title")
	}
	if waiting.MatchString(text) && !awaited.MatchString(text) {
		faults = append(faults, "something waits, and it does not say for whom or what is next")
	}
	return faults
}

var (
	waiting = regexp.MustCompile(`(?m)^What waits for somebody\n[^N]|^(healthy, waits for promotion|holds: somebody must decide) at [0-9]|^waits : `)
	awaited = regexp.MustCompile(`Waits for: .*(/[a-z]+|operator|whoever)|It waits for .*/[a-z]+|Next: `)
)
