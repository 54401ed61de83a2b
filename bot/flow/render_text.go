package flow

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Columns of the terminal that Text keeps to.
const (
	columns   = 80
	titleWide = 24
)

// Text is the report for a terminal, at most 80 columns wide.
func Text(r Report) string {
	var b strings.Builder
	wrap(&b, "", r.Period.what())
	wrap(&b, "", fmt.Sprintf("%s (%s)", r.Period.name(), r.Period.From.Location()))
	b.WriteString("\n")
	wrap(&b, "", r.sentence())
	if r.Quiet {
		return b.String()
	}
	b.WriteString("\n")
	indent := strings.Repeat(" ", titleWide)
	for _, m := range r.Results {
		wrap(&b, indent, fmt.Sprintf("%-*s%s (n=%d)", titleWide, m.Title, m.Line, m.N))
		if left := m.left(); left != "" {
			wrap(&b, indent, indent+left)
		}
	}
	b.WriteString("\n")
	wrap(&b, "", r.small())
	return b.String()
}

// wrap writes text in lines of at most 80 columns; all but the first are
// indented. Spaces at the beginning and between columns stay.
func wrap(b *strings.Builder, indent, text string) {
	line := text
	for utf8.RuneCountInString(line) > columns {
		runes := []rune(line)
		cut := columns
		for cut > len(indent) && runes[cut] != ' ' {
			cut--
		}
		if cut <= len(indent) {
			cut = columns
		}
		b.WriteString(strings.TrimRight(string(runes[:cut]), " ") + "\n")
		line = indent + strings.TrimLeft(string(runes[cut:]), " ")
	}
	b.WriteString(line + "\n")
}
