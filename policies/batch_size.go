package policies

import (
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// measure is a number of a change, or of its part in a scope, and what it may
// be.
type measure struct {
	Key   string // of its limits in the file
	Scope string // "": all of the change
	What  string // "line" or "file"
	N     int
	Rough string // stands before the number where it is not exact
	Limits
}

// size is what a change is judged by, and what is said of it. The first
// measure is of all its lines.
type size struct {
	measures   []measure
	said, more string
	notes      []bot.Note
}

// sizeOf takes the totals where nothing was counted, each line as heavy as any
// could be: that is no less, of a scope, too.
func sizeOf(f Facts, s BatchSettings) (z size) {
	n, files, rough := f.Change.Lines(), f.Change.Files, ""
	z.said = fmt.Sprintf("%s in %s", words.Plural(n, "changed line"), words.Plural(files, "file"))
	switch t := f.Counted; {
	case t != nil:
		n, files, rough = t.Lines, t.Files, t.Rough()
		z.more, z.notes = t.Explain(), notes(t.Biggest)
		if t.Free > 0 {
			z.said = t.Size()
		}
	case !s.Decided(f.Change):
		n, rough, z.more = s.Rules().AtMost(n), words.UpTo, words.Unlooked(f.Uncounted)
	}
	add := func(key, scope string, n, files int, lines, fs Limits) {
		z.measures = append(z.measures, measure{key + ".lines", scope, "line", n, rough, lines}, measure{key + ".files", scope, "file", files, rough, fs})
	}
	add("batch", "", n, files, s.Lines, s.Files)
	for i, scope := range s.Scopes {
		n, files := n, files
		if f.Counted != nil {
			part := f.Counted.In(scope.Name)
			n, files = part.Lines, part.Files
		}
		add(fmt.Sprintf("batch.scopes[%d]", i), scope.Name, n, files, scope.Lines, scope.Files)
	}
	return z
}

// size is the number in words.
func (m measure) size() string {
	if m.Scope == "" {
		return m.Rough + words.Plural(m.N, m.What)
	}
	return m.Rough + words.Plural(m.N, m.What) + " in " + m.Scope
}

// refused and warned say the number and the rule.
func (m measure) refused() string {
	if m.Scope == "" {
		return fmt.Sprintf("%s - the limit here is %d", m.size(), m.Block)
	}
	return fmt.Sprintf("%s - the limit there is %d", m.size(), m.Block)
}

func (m measure) warned() string {
	if m.Scope == "" && m.What == "line" {
		return fmt.Sprintf("%s - over the %d-line guide", m.size(), m.Warn)
	}
	return fmt.Sprintf("%s - over the guide of %d", m.size(), m.Warn)
}

// notes stand beside the first lines of the biggest files.
func notes(biggest []words.Share) (list []bot.Note) {
	for _, s := range biggest {
		if s.At > 0 {
			list = append(list, bot.Note{Path: s.Path, Line: s.At, Message: words.Plural(s.Lines, "line") + " of this file count.", Level: bot.Notice})
		}
	}
	return list
}

// over reports whether n is over a limit; 0 is none.
func over(n, limit int) bool { return limit > 0 && n > limit }
