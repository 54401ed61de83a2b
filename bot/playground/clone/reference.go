package clone

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tally is what the reference counts of a file, before weights.
type Tally struct {
	Row   Row
	Kind  string // of the file
	Lines int    // that count
	// Least is what git diff -M -w --ignore-blank-lines has: no fewer may count,
	// but for what moved. One for a file that is gone.
	Least int
	Moved int
	Blank int         // lines that stand alone
	texts [2][]string // the file before and after, by line
	gone  []mark
	come  []mark
}

// mark is a line that changed, by its number from 0.
type mark struct {
	text string // without white space
	at   int
	out  bool // it does not count
	away bool // because it moved
	run  int
	hunk int // of a diff with three lines around
}

// Reference counts a change's files on their whole texts. It knows no patches:
// git tells it which lines changed, by number. It is slow and has no bounds
// but those that the rule itself names.
// attributes says whether the tree before has a .gitattributes that is read.
func (c *Clone) Reference(ctx context.Context, ch Change, attributes bool) ([]Tally, error) {
	changed, err := c.patches(ctx, ch.Step, "-U0")
	if err != nil {
		return nil, err
	}
	least, err := c.patches(ctx, ch.Step, "-U3", "-w", "--ignore-blank-lines")
	if err != nil {
		return nil, err
	}
	kinds, err := c.kindsOf(ctx, ch, attributes)
	if err != nil {
		return nil, err
	}
	files := make([]Tally, len(ch.Rows))
	for i, r := range ch.Rows {
		if files[i], err = c.tally(r, changed[r.ids()], least[r.ids()]); err != nil {
			return nil, err
		}
		files[i].Kind = kinds[r.Path]
	}
	moves(files)
	for i := range files {
		files[i].sum()
	}
	return files, nil
}

func (c *Clone) tally(r Row, changed, least string) (t Tally, err error) {
	t.Row = r
	for i, id := range []string{r.old, r.young} {
		text := ""
		switch {
		case r.link && strings.Trim(id, "0") != "":
			text = "Subproject commit " + id
		case changed != "":
			if text, err = c.blobs.read(id); err != nil {
				return t, err
			}
		}
		t.texts[i] = strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	}
	run, hunk, until := 0, 0, 0
	for line := range strings.Lines(changed) {
		if strings.HasPrefix(line, "@@ ") {
			f := strings.Fields(line)
			if from, n := where(f[1]); run > 0 && from-until <= 6 { // three lines around each: they touch
				until = from + n
			} else {
				hunk, until = hunk+1, from+n
			}
			gone, come := marks(t.texts[0], f[1], run, hunk), marks(t.texts[1], f[2], run, hunk)
			pairs(all(gone), all(come))
			t.gone, t.come, run = append(t.gone, gone...), append(t.come, come...), run+1
		}
	}
	for line := range strings.Lines(least) {
		if line[0] == '-' || line[0] == '+' {
			t.Least++
		}
	}
	return t, nil
}

// where reads "-12,3": how many lines are before, and how many it is about.
func where(side string) (before, n int) {
	from, count, given := strings.Cut(side[1:], ",")
	before, _ = strconv.Atoi(from)
	if n = 1; given {
		n, _ = strconv.Atoi(count)
	}
	if n > 0 {
		before--
	}
	return before, n
}

func marks(text []string, side string, run, hunk int) (some []mark) {
	before, n := where(side)
	for at := before; at < before+n && at < len(text); at++ {
		some = append(some, mark{text: bare(text[at]), at: at, run: run, hunk: hunk})
	}
	return some
}

func all(of []mark) (each []*mark) {
	for i := range of {
		each = append(each, &of[i])
	}
	return each
}

// bare is a line without what git calls white space.
func bare(s string) string {
	return strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "").Replace(s)
}

// certain: what is no text cannot be compared after it went through GitHub.
func certain(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\ufffd") }

// pairs takes out lines that stayed but for white space.
func pairs(gone, come []*mark) {
	has := func(in []*mark) func(*mark) bool {
		set := map[string]bool{}
		for _, m := range in {
			set[m.text] = true
		}
		return func(m *mark) bool { return !certain(m.text) || !set[m.text] }
	}
	gone, come = slices.DeleteFunc(slices.Clone(gone), has(come)), slices.DeleteFunc(slices.Clone(come), has(gone))
	for len(gone) > 0 && len(come) > 0 && gone[0].text == come[0].text {
		gone[0].out, come[0].out = true, true
		gone, come = gone[1:], come[1:]
	}
	for len(gone) > 0 && len(come) > 0 && gone[len(gone)-1].text == come[len(come)-1].text {
		gone[len(gone)-1].out, come[len(come)-1].out = true, true
		gone, come = gone[:len(gone)-1], come[:len(come)-1]
	}
	if len(gone)*len(come) > 1<<18 { // the rule: longer runs are not compared each with each
		for i := 0; len(come) > 0; come = come[1:] {
			if n := slices.IndexFunc(gone[i:], func(m *mark) bool { return m.text == come[0].text }); n >= 0 {
				gone[i+n].out, come[0].out = true, true
				i += n + 1
			}
		}
		return
	}
	common(gone, come)
}

// common is the textbook's longest common subsequence.
func common(gone, come []*mark) {
	longest := make([][]int, len(gone)+1)
	for i := len(gone); i >= 0; i-- {
		longest[i] = make([]int, len(come)+1)
		for j := len(come) - 1; j >= 0 && i < len(gone); j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if gone[i].text == come[j].text {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	for len(gone) > 0 && len(come) > 0 {
		i, j := len(longest)-1-len(gone), len(longest[0])-1-len(come)
		switch {
		case gone[0].text == come[0].text:
			gone[0].out, come[0].out = true, true
			gone, come = gone[1:], come[1:]
		case longest[i+1][j] >= longest[i][j+1]:
			gone = gone[1:]
		default:
			come = come[1:]
		}
	}
}

// place is a line of a file among those that changed.
type place struct {
	file int
	all  []mark
	at   int
}

func (p place) mark() *mark { return &p.all[p.at] }

// next is the line that follows, if nothing that stayed is between.
func (p place) next() (place, bool) {
	run := p.mark().run
	p.at++
	return p, p.at < len(p.all) && p.mark().run == run && !p.mark().out && certain(p.mark().text)
}

// moves takes out blocks that are gone in one place and came in another.
func moves(all []Tally) {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(Told(all[a].Row.Path), Told(all[b].Row.Path)) })
	sources := map[string][]place{}
	for _, i := range order {
		for at, m := range all[i].gone {
			if !m.out && certain(m.text) && full(m.text) {
				sources[m.text] = append(sources[m.text], place{i, all[i].gone, at})
			}
		}
	}
	for _, i := range order {
		for at := range all[i].come {
			if m := all[i].come[at]; m.out || !certain(m.text) || !full(m.text) {
				continue
			}
			here, best := place{i, all[i].come, at}, [][2]place(nil)
			list := sources[here.mark().text]
			for len(list) > 0 && list[0].mark().out {
				list = list[1:]
			}
			sources[here.mark().text] = list
			for _, there := range list[:min(8, len(list))] { // the rule: eight places
				if found := along(there, here); len(found) > len(best) {
					best = found
				}
			}
			for _, two := range best {
				for _, p := range two {
					p.mark().out, p.mark().away = true, true
				}
			}
		}
	}
}

// along follows two places while they say the same; nothing if that is no block.
func along(there, here place) (found [][2]place) {
	lines, dull := 0, 0
	for dull < 8 { // the rule: no eight lines with nothing in them
		if there.mark().out || there.mark().text != here.mark().text {
			break
		}
		found = append(found, [2]place{there, here})
		if dull++; full(here.mark().text) {
			lines, dull = lines+1, 0
		}
		var ok, too bool
		there, ok = there.next()
		here, too = here.next()
		if !ok || !too {
			break
		}
	}
	if lines < 3 {
		return nil
	}
	return found
}

// full lines say something.
func full(s string) bool {
	return len(s) >= 4 && strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}

// sum counts what is left.
func (t *Tally) sum() {
	if t.Row.Letter == 'D' {
		t.Lines, t.Least, t.Moved = min(1, t.Row.Added+t.Row.Deleted), min(1, t.Least), 0
		return
	}
	if t.Row.Letter == 'T' { // another kind of file: all of both
		t.Lines, t.Moved = t.Row.Added+t.Row.Deleted, 0
		return
	}
	both := append(slices.Clone(t.gone), t.come...)
	count, away := map[int]bool{}, map[int]bool{} // hunks, by what is in them beside blank lines
	for _, m := range both {
		if m.text != "" {
			count[m.hunk], away[m.hunk] = count[m.hunk] || !m.out, away[m.hunk] || m.away
		}
	}
	for _, m := range both {
		switch {
		case m.away, m.text == "" && !m.out && !count[m.hunk] && away[m.hunk]:
			t.Moved++
		case m.out:
		case m.text != "", count[m.hunk]:
			t.Lines++
		default:
			t.Blank++
		}
	}
}

// Told is a path or a line as GitHub tells it: in JSON there are no bytes that
// are no text.
func Told(s string) string { return string([]rune(s)) }

// Short reports whether so few lines could not be: no way to say what changed
// in the file, white space aside, has as few.
func (t Tally) Short(lines int) bool {
	var a, b []string
	for i, to := range []*[]string{&a, &b} {
		for _, s := range t.texts[i] {
			*to = append(*to, bare(s))
		}
	}
	return lines < t.Least && !within(a, b, lines+t.Blank)
}

// within reports whether most lines, deleted and added, make b of a: Myers'
// greedy algorithm.
func within(a, b []string, most int) bool {
	far := make([]int, 2*most+3) // by diagonal
	for d := range most + 1 {
		for k := -d; k <= d; k += 2 {
			at := k + most + 1
			x := far[at-1] + 1
			if k == -d || k != d && far[at-1] < far[at+1] {
				x = far[at+1]
			}
			for x < len(a) && x-k >= 0 && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			if far[at] = x; x >= len(a) && x-k >= len(b) {
				return true
			}
		}
	}
	return false
}

func (t Tally) String() string {
	return fmt.Sprintf("%q: %s, %d of %d lines, git has %d, %d moved", t.Row.Path, t.Kind, t.Lines, t.Row.Added+t.Row.Deleted, t.Least, t.Moved)
}
