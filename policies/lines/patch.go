package lines

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// text is what a patch says of a file.
type text struct {
	seen  bool // there is one, and it has the lines that GitHub counts
	runs  []run
	first int // line in the new file
}

// run is a place where lines gave way to others, and none between them stayed.
type run struct {
	gone, come []line
	hunk       int // of the patch
}

// line is one that was added or deleted.
type line struct {
	norm  string // without white space
	odd   bool   // it is no text that can be compared
	state state
}

type state byte

const (
	counts state = iota
	whitespace
	moved
)

// read understands a patch. One that has not the lines that GitHub counts is
// not believed, and none of it is seen.
func read(f bot.ChangedFile) (t text) {
	if f.Patch == "" {
		return t
	}
	t, ok := parse(f.Patch)
	added, deleted := 0, 0
	for _, r := range t.runs {
		added, deleted = added+len(r.come), deleted+len(r.gone)
	}
	if !ok || added != f.Added || deleted != f.Deleted {
		return text{}
	}
	t.seen = true
	for _, r := range t.runs {
		r.pair()
	}
	return t
}

// parse reads hunks by the numbers of lines in their headers, in one pass: it
// is the numbers that tell a line of the text from a header.
func parse(patch string) (t text, ok bool) {
	var old, young, at int // lines left in the hunk; where we are in the new file
	hunk := 0
	open := false // the line before was no context
	for rest, more := patch, true; more; {
		var s string
		s, rest, more = strings.Cut(rest, "\n")
		if old == 0 && young == 0 {
			switch {
			case strings.HasPrefix(s, `\`), s == "" && !more:
				continue
			}
			if old, young, at, ok = header(s); !ok {
				return t, false
			}
			open, hunk = false, hunk+1
			continue
		}
		mark := byte(' ') // some leave it out where a line is empty
		if s != "" {
			mark, s = s[0], s[1:]
		}
		switch mark {
		case '\\':
			continue
		case ' ':
			old, young, at, open = old-1, young-1, at+1, false
		case '-', '+':
			if !open {
				t.runs, open = append(t.runs, run{hunk: hunk}), true
				if t.first == 0 {
					t.first = max(1, at)
				}
			}
			r := &t.runs[len(t.runs)-1]
			if mark == '-' {
				r.gone, old = append(r.gone, newLine(s)), old-1
			} else {
				r.come, young, at = append(r.come, newLine(s)), young-1, at+1
			}
		default:
			return t, false
		}
		if old < 0 || young < 0 {
			return t, false
		}
	}
	return t, old == 0 && young == 0
}

// header reads "@@ -1,2 +3,4 @@": how many lines of each side follow, and
// where they begin in the new file.
func header(s string) (old, young, at int, ok bool) {
	parts := strings.SplitN(s, " ", 5)
	if len(parts) < 4 || parts[0] != "@@" || parts[3] != "@@" {
		return 0, 0, 0, false
	}
	_, old, ok = side(parts[1], "-")
	if !ok {
		return 0, 0, 0, false
	}
	at, young, ok = side(parts[2], "+")
	return old, young, at, ok
}

func side(s, sign string) (at, n int, ok bool) {
	s, ok = strings.CutPrefix(s, sign)
	from, count, has := strings.Cut(s, ",")
	at, err := strconv.Atoi(from)
	n = 1
	if has && err == nil {
		n, err = strconv.Atoi(count)
	}
	return at, n, ok && err == nil && at >= 0 && n >= 0
}

// newLine leaves white space out: what git means by it, no more, since more
// would be a smaller count than its own. A byte that is no text comes from
// GitHub as U+FFFD whatever it was, so that such a line equals no other.
func newLine(s string) line {
	norm := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\r' {
			return -1
		}
		return r
	}, s)
	return line{norm: norm, odd: !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError)}
}

// each line that was added or deleted, with the number of its hunk.
func (t text) each(f func(hunk int, l *line)) {
	for _, r := range t.runs {
		for _, side := range [][]line{r.gone, r.come} {
			for i := range side {
				f(r.hunk, &side[i])
			}
		}
	}
}

// sum says how many lines do not count, and why.
func (t text) sum() (white, away int) {
	t.each(func(_ int, l *line) {
		switch l.state {
		case whitespace:
			white++
		case moved:
			away++
		}
	})
	return white, away
}

// saysGenerated looks for what generators write into the first lines of a new
// file; of another its first lines are not shown.
func (t text) saysGenerated(f bot.ChangedFile) bool {
	if f.Status != "added" || len(t.runs) == 0 {
		return false
	}
	for _, l := range t.runs[0].come[:min(40, len(t.runs[0].come))] {
		if strings.Contains(l.norm, "Codegenerated") && strings.Contains(l.norm, "DONOTEDIT") || strings.Contains(l.norm, "@generated") {
			return true
		}
	}
	return false
}
