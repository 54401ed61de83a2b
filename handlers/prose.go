package handlers

import (
	"slices"
	"strings"
)

// maxComment is how much of a comment is looked at.
const maxComment = 64 << 10

// prose are the lines of a comment that are its author's own words: not code,
// not quotes, not hidden. Where Markdown can be read in two ways a line is
// rather left out: a command that is not run can be written again.
func prose(text string) (lines []string) {
	if len(text) > maxComment {
		return nil
	}
	var b block
	for _, l := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		switch {
		case b.holds(l):
		case b.opens(l):
		case strings.HasPrefix(strings.TrimLeft(l, " "), ">") || indented(l):
		default:
			lines = append(lines, l)
			b.hides(l)
		}
	}
	return lines
}

// block is what a line stands in.
type block struct {
	fence string // "```" or longer, or "~~~": code until another such line
	until string // hidden until a line with this
	para  bool   // and no longer than the paragraph
}

// holds reports whether the line is in the block still; the one that ends it is.
func (b *block) holds(l string) bool {
	switch {
	case b.fence != "":
		trimmed := strings.TrimLeft(l, " ")
		if !indented(l) && strings.HasPrefix(trimmed, b.fence) && strings.Trim(trimmed, b.fence[:1]+" \t") == "" {
			b.fence = ""
		}
		return true
	case b.until != "":
		if strings.Contains(strings.ToLower(l), b.until) || b.para && strings.TrimSpace(l) == "" {
			b.until = ""
		}
		return true
	}
	return false
}

// opens reports whether the line begins a block of code or a hidden one.
func (b *block) opens(l string) bool {
	trimmed := strings.TrimLeft(l, " ")
	if indented(l) || trimmed == "" {
		return false
	}
	rest := strings.TrimLeft(trimmed, trimmed[:1])
	mark := trimmed[:len(trimmed)-len(rest)]
	lower := strings.ToLower(trimmed)
	switch {
	case len(mark) >= 3 && (mark[0] == '~' || mark[0] == '`' && !strings.Contains(rest, "`")):
		b.fence = mark
	case strings.HasPrefix(trimmed, "<!--"):
		b.hide(trimmed[strings.LastIndex(trimmed, "<!--")+4:], "-->", false)
	case slices.ContainsFunc(raw, func(tag string) bool { return strings.HasPrefix(lower, "<"+tag) }):
		i := slices.IndexFunc(raw, func(tag string) bool { return strings.HasPrefix(lower, "<"+tag) })
		b.hide(lower, "</"+raw[i]+">", false)
	default:
		return false
	}
	return true
}

// raw are the tags between which text is not Markdown.
var raw = []string{"pre", "code", "script", "style", "textarea"}

// hides: a line of prose may begin a hidden part at its end.
func (b *block) hides(l string) {
	if i := strings.LastIndex(l, "<!--"); i >= 0 {
		b.hide(l[i+4:], "-->", true)
	}
}

func (b *block) hide(rest, until string, para bool) {
	if !strings.Contains(rest, until) {
		b.until, b.para = until, para
	}
}

// indented lines are code.
func indented(l string) bool {
	return strings.HasPrefix(l, "    ") || strings.HasPrefix(strings.TrimLeft(l, " "), "\t")
}
