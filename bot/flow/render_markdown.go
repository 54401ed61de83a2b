package flow

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// Markdown is the report as a page or a comment.
func Markdown(r Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### How work flowed: %s\n\n%s (%s)\n\n%s\n", words.Code(r.Period.what()), r.Period.name(), r.Period.From.Location(), r.sentence())
	if r.Quiet {
		return b.String()
	}
	b.WriteString("\n| | | of |\n|:--|:--|--:|\n")
	for _, m := range r.Results {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", m.Title, m.Line, m.Counted())
	}
	b.WriteString("\n<details><summary>What was left out, and what to know</summary>\n\n")
	for _, m := range r.Results {
		if left := m.left(); left != "" {
			fmt.Fprintf(&b, "- %s: %s\n", m.Title, left)
		}
	}
	fmt.Fprintf(&b, "\n%s\n</details>\n", r.small())
	return b.String()
}
