package words

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// File is what there is to say of a version of a repository's file.
type File struct {
	Path     string
	Mistakes []string // each as bot.Mistake says it
	Notes    []bot.Note
	HasGood  bool   // an earlier version was right and stays in force
	Old      bool   // another version is on the default branch now
	Base     string // the branch that a change would bring it to; empty: it is there
}

// firstMistakes are read at once, the others are folded; mostMistakes are
// listed: who has more has read enough.
const (
	firstMistakes = 5
	mostMistakes  = 100
)

// Verdict is the title and the summary of the check of the file.
func (f File) Verdict() (title, summary string) {
	if len(f.Mistakes) == 0 {
		if f.Base != "" {
			return "The file is right", fmt.Sprintf("%s has no mistake. It holds from the moment it is on %s.\n", Code(f.Path), Code(f.Base))
		}
		if f.Old {
			return "The file is right", fmt.Sprintf("%s has no mistake here. Another version of it is in force: the default branch has moved on.\n", Code(f.Path))
		}
		return "The file is right", fmt.Sprintf("%s has no mistake and is in force.\n", Code(f.Path))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, by line and column:\n\n", Code(f.Path))
	f.list(&b)
	fmt.Fprintf(&b, "\n%s\n\n**Next:** correct the file; this tells you before you push:\n\n%s\n", f.means(), Paste("roundtrip check "+f.Path))
	return f.title(), b.String()
}

func (f File) list(b *strings.Builder) {
	for i, m := range f.Mistakes[:min(mostMistakes, len(f.Mistakes))] {
		if i == firstMistakes {
			fmt.Fprintf(b, "\n<details><summary>%d more</summary>\n\n", len(f.Mistakes)-i)
		}
		fmt.Fprintf(b, "- %s\n", code(f.at(m), 400))
	}
	if more := len(f.Mistakes) - mostMistakes; more > 0 {
		fmt.Fprintf(b, "- and %d more\n", more)
	}
	if len(f.Mistakes) > firstMistakes {
		b.WriteString("\n</details>\n")
	}
}

// Notes are the mistakes, each for beside its line. One that has no place, as
// that the file cannot be read, is said in the check alone.
func Notes(mistakes []bot.Mistake) (notes []bot.Note) {
	for _, m := range mistakes {
		if m.Line < 1 {
			continue
		}
		n := bot.Note{Path: m.File, Line: m.Line, Column: m.Column}
		m.File, m.Line = "", 0
		n.Message = plain(strings.TrimPrefix(m.String(), ": "), 400)
		notes = append(notes, n)
	}
	return notes
}

// at is a mistake without the file's name, which is said once.
func (f File) at(mistake string) string {
	return strings.TrimSpace(strings.TrimPrefix(mistake, f.Path+":"))
}

func (f File) title() string {
	first := plain(f.at(f.Mistakes[0]), 120)
	if len(f.Mistakes) == 1 {
		return "1 mistake, at " + first
	}
	return fmt.Sprintf("%d mistakes, the first at %s", len(f.Mistakes), first)
}

// means: what a wrong file does to people.
func (f File) means() string {
	switch {
	case f.Base != "":
		return "Merged like this it would stop all deploys until it is right."
	case f.Old:
		return "This is how it was here; the default branch has another version of it now."
	case f.HasGood:
		return "Policies go on with the last good version; nothing new is deployed until the file is right."
	}
	return "No version of it has been right yet, so it counts as none: policies only observe, and nothing is deployed until it is right."
}
