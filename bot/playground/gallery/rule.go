package gallery

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// MostWords of a text that are read at once.
const MostWords = 80

// Faults says what a text lacks that every text must have. A page has a title
// and says what is next where something waits; the rest is looked up in it, not
// read. Not counted as words are what is
// folded, rows of tables (the help's, the summary's and, as fields, the
// report's), lines to paste, and in chat the small print and buttons.
func Faults(i Item) (faults []string) {
	if i.Group == Pages {
		return ofPage(i)
	}
	text := i.Text()
	if n := wordsOf(i); n > MostWords {
		faults = append(faults, fmt.Sprintf("%d words; at most %d are read", n, MostWords))
	}
	if refuses(i) {
		faults = append(faults, lacks(i)...)
	}
	if c, ok := i.Effect.(bot.SetCheck); ok {
		faults = append(faults, ofCheck(c)...)
	}
	if m := blame.FindString(text); m != "" {
		faults = append(faults, fmt.Sprintf("it blames: %q", m))
	}
	for _, m := range mention.FindAllString(meant.ReplaceAllString(pasted.ReplaceAllString(text, ""), ""), -1) {
		faults = append(faults, fmt.Sprintf("it calls%s, whose turn it is not", m))
	}
	return faults
}

var (
	pasted = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	blame  = regexp.MustCompile(`(?i)\b(your (fault|mistake|error)|you (broke|failed|forgot|should have)|guilty|blame|culprit|careless|stupid)\b`)
	// What begins with an at sign is a person, or, in a line to paste, a commit.
	mention = regexp.MustCompile(`(^|[^\w/])@[A-Za-z][\w-]*`)
	// A person is named who asked, who merged, who takes care, who is refused
	// (each heard by themselves), whose change went back, and who is on call.
	meant = regexp.MustCompile(`(asked|merged|Taken back|open|good|said so|began it)( for)?,? by @[\w-]+|\bby @[\w-]+|@[\w-]+ says that|[⛔🆘] @[\w-]+:|and @[\w-]+ has|@[\w-]+ (takes care|asked for)|🚨 @[\w-]+|@commit\b|@[0-9a-f]{7,40}\b`)
)

// wordsOf an item are those that are read at once.
func wordsOf(i Item) (n int) {
	text := i.Text()
	switch e := i.Effect.(type) {
	case bot.KeepMessage:
		text = blocksText(e.Text, onlyRead(e.Blocks))
	case bot.SetCheck:
		e.Actions = nil
		text = Item{Effect: e}.Text()
	}
	for _, w := range strings.Fields(pasted.ReplaceAllString(Open(text), "x")) {
		if strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

func onlyRead(blocks []bot.Block) (kept []bot.Block) {
	for _, b := range blocks {
		if b.Kind != bot.Fields && b.Kind != bot.Actions && b.Kind != bot.Context {
			kept = append(kept, b)
		}
	}
	return kept
}

// refuses tells whether an item says that something does not go, or went
// wrong.
func refuses(i Item) bool {
	if c, ok := i.Effect.(bot.SetCheck); ok {
		return c.Conclusion == "failure"
	}
	if i.Group == Deployments {
		return false // GitHub has a line of 140 characters; the comment says the rest
	}
	if m, ok := i.Effect.(bot.KeepMessage); ok && m.Thread != "" && !strings.ContainsAny(m.Text, "👎😕") {
		return false // a line of what happened; the message above it leads on
	}
	return strings.ContainsAny(firstLine(i.Text()), "👎😕⛔⏸🔴⚠🆘")
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
