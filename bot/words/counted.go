package words

import (
	"fmt"
	"strings"
)

// Counted is which lines of a change count, and which do not.
type Counted struct {
	Lines   int     `json:"lines"`             // that count
	Files   int     `json:"files"`             // that have some
	Free    int     `json:"free"`              // lines that do not count
	Missing int     `json:"missing,omitempty"` // lines that count though GitHub lists no file that has them
	Least   int     `json:"least,omitempty"`   // lines that count without those
	About   bool    `json:"about,omitempty"`   // its files have more lines than GitHub says of all of it
	Biggest []Share `json:"biggest,omitempty"` // files with the most lines that count
	Not     []Share `json:"not,omitempty"`     // what does not count, the most first
	Scopes  []Part  `json:"scopes,omitempty"`
	Why     string  `json:"why,omitempty"` // the .gitattributes could not be read
}

// Part of a change, in a scope.
type Part struct {
	Name  string `json:"name"`
	Lines int    `json:"lines"`
	Files int    `json:"files"`
}

// Share of a change: lines of a file, of several, or of a sort.
type Share struct {
	Path  string `json:"path,omitempty"`
	Files int    `json:"files,omitempty"` // so many more
	Lines int    `json:"lines"`
	Why   string `json:"why,omitempty"` // it does not count
	At    int    `json:"at,omitempty"`  // its first changed line, in the new file
}

// In is the part of a scope; what is not known of one has all lines.
func (c Counted) In(scope string) Part {
	for _, p := range c.Scopes {
		if p.Name == scope {
			return p
		}
	}
	return Part{Name: scope, Lines: c.Lines, Files: c.Files}
}

// UpTo stands before a number of which part is not known.
const UpTo = "Up to "

// Rough is what stands before the number where it is not exact: less may count
// than it says, or it is of two moments.
func (c Counted) Rough() string {
	switch {
	case c.Missing > 0 || c.Why != "":
		return UpTo
	case c.About:
		return "About "
	}
	return ""
}

// Title says how much counts where that is not all.
func (c Counted) Title() string {
	if c.Lines == 1 {
		return fmt.Sprintf("%s1 line counts, %d do not", c.Rough(), c.Free)
	}
	return fmt.Sprintf("%s%d lines count, %d do not", c.Rough(), c.Lines, c.Free)
}

// Size of what counts.
func (c Counted) Size() string {
	return fmt.Sprintf("Counted: %s in %s", Plural(c.Lines, "line"), Plural(c.Files, "file"))
}

// Explain names the biggest files, what does not count and by which rule.
func (c Counted) Explain() string {
	var b strings.Builder
	if len(c.Biggest) > 0 {
		b.WriteString("\n\nBiggest: " + shares(c.Biggest[:min(3, len(c.Biggest))]) + ".")
	}
	if len(c.Not) > 0 {
		b.WriteString("\n\nNot counted: " + shares(c.Not) + ".")
	}
	if c.Missing > 0 {
		fmt.Fprintf(&b, "\n\nGitHub did not list every file. At least %s; %d more are in no file that it lists, and count.", count(c.Least), c.Missing)
	}
	if c.About {
		b.WriteString("\n\nThe number is not exact: GitHub lists more lines than it says there are. `/recheck` counts anew.")
	}
	if c.Why != "" {
		b.WriteString("\n\nDocs, generated, vendored and lock files count, too, as the `.gitattributes` could not be read: " + Code(c.Why) + ".")
	}
	return b.String()
}

func count(n int) string {
	if n == 1 {
		return "1 line counts"
	}
	return Plural(n, "line") + " count"
}

// Unlooked says that all of a change counts, as nobody could look at its files.
func Unlooked(why string) string {
	said := "\n\nIts files could not be looked at, so that every line counts"
	if why != "" {
		said += ": " + Code(why)
	}
	return said + ". `/recheck` tries again."
}

func shares(all []Share) string {
	var parts []string
	for _, s := range all {
		switch {
		case s.Files > 0:
			parts = append(parts, fmt.Sprintf("%s more %d (%s)", Plural(s.Files, "file"), s.Lines, s.Why))
		case s.Path == "":
			parts = append(parts, fmt.Sprintf("%d %s", s.Lines, s.Why))
		case s.Why == "":
			parts = append(parts, fmt.Sprintf("%s %d", Code(s.Path), s.Lines))
		default:
			parts = append(parts, fmt.Sprintf("%s %d (%s)", Code(s.Path), s.Lines, s.Why))
		}
	}
	return strings.Join(parts, ", ")
}

// Each says how much a line of a kind counts that counts less than one.
func Each(weight float64) string { return fmt.Sprintf(", %.4g a line", weight) }

// Few are the first of some texts, and how many more there are.
func Few(all []string, most int) string {
	if n := len(all) - most; n > 0 {
		all = append(all[:most:most], fmt.Sprintf("%d more", n))
	}
	return strings.Join(all, "; ")
}

// KindBy says of which kind a file's lines are and who says so: the line of a
// .gitattributes, or the place of a rule in batch.count.
func KindBy(kind, attributes string, line int) string {
	switch {
	case attributes != "":
		return fmt.Sprintf("%s, %s:%d", kind, Code(attributes), line)
	case line > 0:
		return fmt.Sprintf("%s, `batch.count` %d", kind, line)
	}
	return kind
}
