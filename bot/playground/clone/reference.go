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
	Lines int // that count
	// Least is what git diff -M -w --ignore-blank-lines has, without blank
	// lines: no fewer may count, but for what moved. One for a file that is gone.
	Least int
	Moved int
	texts [2][]string // the file before and after, by line
	gone  []mark
	come  []mark
}

// mark is a line that changed, by its number from 0.
type mark struct {
	text string // without white space
	at   int
	out  bool // it does not count
	run  int
}

// Reference counts a change's files on their whole texts. It knows no patches:
// git tells it which lines changed, by number. It is slow and has no bounds
// but those that the rule itself names.
func (c *Clone) Reference(ctx context.Context, ch Change) ([]Tally, error) {
	changed, err := c.patches(ctx, ch.Step, "-U0")
	if err != nil {
		return nil, err
	}
	least, err := c.patches(ctx, ch.Step, "-U0", "-w", "--ignore-blank-lines")
	if err != nil {
		return nil, err
	}
	files := make([]Tally, len(ch.Rows))
	for i, r := range ch.Rows {
		if files[i], err = c.tally(r, changed[r.ids()], least[r.ids()]); err != nil {
			return nil, err
		}
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
	run := 0
	for line := range strings.Lines(changed) {
		if strings.HasPrefix(line, "@@ ") {
			f := strings.Fields(line)
			gone, come := marks(t.texts[0], f[1], run), marks(t.texts[1], f[2], run)
			pairs(all(gone), all(come))
			t.gone, t.come, run = append(t.gone, gone...), append(t.come, come...), run+1
		}
	}
	for line := range strings.Lines(least) {
		if (line[0] == '-' || line[0] == '+') && bare(line[1:]) != "" {
			t.Least++
		}
	}
	return t, nil
}

// marks are the lines of "-12,3".
func marks(text []string, where string, run int) (some []mark) {
	from, count, given := strings.Cut(where[1:], ",")
	first, _ := strconv.Atoi(from)
	n := 1
	if given {
		n, _ = strconv.Atoi(count)
	}
	for at := first - 1; at < first-1+n && at < len(text); at++ {
		b := bare(text[at])
		some = append(some, mark{text: b, at: at, out: b == "", run: run})
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
		return func(m *mark) bool { return m.text == "" || !certain(m.text) || !set[m.text] }
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

// next is the line that follows, if nothing that stayed is between; blank
// lines are passed over.
func (p place) next() (place, bool) {
	run := p.mark().run
	for p.at++; p.at < len(p.all) && p.all[p.at].run == run; p.at++ {
		if p.mark().text != "" {
			return p, !p.mark().out && certain(p.mark().text)
		}
	}
	return p, false
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
					p.mark().out = true
					all[p.file].Moved++
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
	for _, m := range append(slices.Clone(t.gone), t.come...) {
		if !m.out {
			t.Lines++
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
			if s = bare(s); s != "" {
				*to = append(*to, s)
			}
		}
	}
	return lines < t.Least && !within(a, b, lines)
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
	return fmt.Sprintf("%q: %d of %d lines, git has %d, %d moved", t.Row.Path, t.Lines, t.Row.Added+t.Row.Deleted, t.Least, t.Moved)
}
