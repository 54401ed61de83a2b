package split

import (
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Edit takes lines out of a file and puts others there.
type Edit struct {
	At         int // lines before it, in the file as it was before all of the change
	New        int // and as it is after all of it
	Gone, Come []Line
}

// Line of a text.
type Line struct {
	Text string
	Open bool // it is the last, and no newline follows
}

// parse reads the places where a file changed. False where GitHub shows no
// patch, or not all of it.
func parse(f bot.ChangedFile) (edits []Edit, ok bool) {
	var at, young, left, right, added, deleted int
	open := false // the line before was no context
	var last *Line
	for s := range strings.SplitSeq(strings.TrimSuffix(f.Patch, "\n"), "\n") {
		if left == 0 && right == 0 && !strings.HasPrefix(s, `\`) {
			if at, left, young, right, ok = hunk(s); !ok {
				return nil, false
			}
			open = false
			continue
		}
		mark := byte(' ')
		if s != "" {
			mark, s = s[0], s[1:]
		}
		switch mark {
		case '\\':
			if last != nil {
				last.Open = true
			}
		case ' ':
			at, young, left, right, open, last = at+1, young+1, left-1, right-1, false, nil
		case '-', '+':
			if !open {
				edits, open = append(edits, Edit{At: at, New: young}), true
			}
			e := &edits[len(edits)-1]
			if mark == '-' {
				e.Gone, at, left, deleted = append(e.Gone, Line{Text: s}), at+1, left-1, deleted+1
				last = &e.Gone[len(e.Gone)-1]
			} else {
				e.Come, young, right, added = append(e.Come, Line{Text: s}), young+1, right-1, added+1
				last = &e.Come[len(e.Come)-1]
			}
		default:
			return nil, false
		}
	}
	return edits, len(edits) > 0 && left == 0 && right == 0 && added == f.Added && deleted == f.Deleted
}

// hunk reads "@@ -1,2 +3,4 @@": lines before it and in it, on both sides.
func hunk(s string) (at, left, young, right int, ok bool) {
	f := strings.Fields(s)
	if len(f) < 4 || f[0] != "@@" || f[3] != "@@" {
		return 0, 0, 0, 0, false
	}
	at, left, ok = side(f[1], "-")
	if !ok {
		return 0, 0, 0, 0, false
	}
	young, right, ok = side(f[2], "+")
	return at, left, young, right, ok
}

func side(s, sign string) (before, n int, ok bool) {
	s, ok = strings.CutPrefix(s, sign)
	from, count, has := strings.Cut(s, ",")
	before, err := strconv.Atoi(from)
	n = 1
	if has && err == nil {
		n, err = strconv.Atoi(count)
	}
	if n > 0 {
		before--
	}
	return before, n, ok && err == nil && before >= 0 && n >= 0
}

// cut makes pieces of at most so many lines, in the order of the file.
func cut(edits []Edit, most int) (pieces [][]Edit) {
	most = max(1, most)
	var piece []Edit
	room := most
	end := func() {
		if len(piece) > 0 {
			pieces = append(pieces, piece)
		}
		piece, room = nil, most
	}
	for _, e := range edits {
		if n := len(e.Gone) + len(e.Come); n > room && n <= most {
			end()
		}
		for len(e.Gone)+len(e.Come) > room {
			if room < min(most, 20) { // so little is no part of it
				end()
			}
			var head Edit
			head, e = e.split(room)
			piece = append(piece, head)
			end()
		}
		if n := len(e.Gone) + len(e.Come); n > 0 {
			piece, room = append(piece, e), room-n
		}
	}
	end()
	return pieces
}

// split takes at most n lines off the front, gone and come in proportion; it
// ends before something that stands at the margin, where there is such a place.
func (e Edit) split(n int) (head, tail Edit) {
	total := len(e.Gone) + len(e.Come)
	c := min(n*len(e.Come)/total, len(e.Come))
	g := min(n-c, len(e.Gone))
	if len(e.Gone) == 0 || len(e.Come) == 0 {
		c, g = min(n, len(e.Come)), min(n, len(e.Gone))
	}
	for i := c; i > c/2 && i < len(e.Come); i-- {
		if begins(e.Come, i) {
			c = i
			break
		}
	}
	if c == len(e.Come) && c > 0 && e.Come[c-1].Open && g < len(e.Gone) {
		c-- // nothing may follow the line that has no newline
	}
	if g+c == 0 {
		g = 1
	}
	head = Edit{At: e.At, New: e.New, Gone: e.Gone[:g:g], Come: e.Come[:c:c]}
	return head, Edit{At: e.At + g, New: e.New + c, Gone: e.Gone[g:], Come: e.Come[c:]}
}

// begins reports whether a line begins something: nothing is before it, and it
// stands at the margin.
func begins(text []Line, i int) bool {
	s := text[i].Text
	return i > 0 && strings.TrimSpace(text[i-1].Text) == "" && s != "" && s[0] != ' ' && s[0] != '\t' && s[0] != '}'
}

// around are the lines, from 1, of the file as it becomes that edits are in.
func around(edits []Edit) (from, to int) {
	last := edits[len(edits)-1]
	return edits[0].New + 1, max(edits[0].New+1, last.New+len(last.Come))
}
