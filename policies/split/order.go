package split

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// unit is what stays together.
type unit struct {
	pieces []Piece
	after  bool // it follows the unit before it
}

func (u unit) lines() (n int) {
	for _, p := range u.pieces {
		n += p.lines
	}
	return n
}

// together joins tests and what does not count with the code that it is of:
// the file of the same stem, in the same folder if there is one.
func together(units []unit) (joined []unit) {
	var free []unit
	last := map[string]int{} // by stem
	for _, u := range units {
		if p := u.pieces[0]; p.lines > 0 || p.Status == "renamed" {
			joined = append(joined, u)
			last[stem(p.Path)] = len(joined) - 1
			continue
		}
		free = append(free, u)
	}
	var alone []unit
	for _, u := range free {
		if i, ok := last[stem(u.pieces[0].Path)]; ok {
			joined[i].pieces = append(joined[i].pieces, u.pieces...)
			continue
		}
		alone = append(alone, u)
	}
	return append(joined, alone...)
}

var testOf = regexp.MustCompile(`(^test_|[._-](test|tests|spec|cy)$|Tests?$|Spec$)`)

// stem of a path: its name without what says that it is a test.
func stem(p string) string {
	name, _, _ := strings.Cut(path.Base(p), ".")
	base := strings.TrimSuffix(path.Base(p), path.Ext(p))
	if s := testOf.ReplaceAllString(base, ""); s != base {
		name = s
	}
	return strings.ToLower(name)
}

// What comes first: what only moves, then what others rest on, then code, then
// what sets it up.
var (
	below = regexp.MustCompile(`(^|/)(migrations?|schema|proto)/|\.(sql|proto|graphql|avsc)$`)
	above = regexp.MustCompile(`\.(ya?ml|toml|ini|env|tf|properties)$|(^|/)(Dockerfile|Makefile)$`)
)

func class(p Piece) int {
	switch {
	case p.lines == 0 && p.Status == "renamed":
		return 0
	case below.MatchString(p.Path):
		return 1
	case above.MatchString(p.Path):
		return 3
	}
	return 2
}

// inOrder puts units so that each rests on those before it: by class, then what
// makes a name before what uses it, then folder by folder. What makes names for
// each other stays as it is.
func inOrder(units []unit) (sorted []unit) {
	chains := [][]unit{}
	for _, u := range units {
		if u.after {
			chains[len(chains)-1] = append(chains[len(chains)-1], u)
			continue
		}
		chains = append(chains, []unit{u})
	}
	slices.SortStableFunc(chains, func(a, b []unit) int {
		x, y := a[0].pieces[0], b[0].pieces[0]
		if c := class(x) - class(y); c != 0 {
			return c
		}
		return strings.Compare(x.Path, y.Path)
	})
	for _, i := range byNames(chains) {
		sorted = append(sorted, chains[i]...)
	}
	return sorted
}

var (
	makes = regexp.MustCompile(`(?:\b(?:func|def|class|type|struct|interface|enum|trait|fn|function|const|var|let)\s+(?:\([^)]*\)\s*)?)([A-Za-z_]\w{3,})`)
	word  = regexp.MustCompile(`[A-Za-z_]\w{3,}`)
)

// byNames orders chains of one class by the names that they make and use.
func byNames(chains [][]unit) (order []int) {
	made, uses := map[string]int{}, make([]map[string]bool, len(chains))
	for i, c := range chains {
		uses[i] = map[string]bool{}
		each(c, func(s string) {
			for _, m := range makes.FindAllStringSubmatch(s, -1) {
				if _, known := made[m[1]]; !known {
					made[m[1]] = i
				}
			}
			for _, w := range word.FindAllString(s, -1) {
				uses[i][w] = true
			}
		})
	}
	needs := make([]map[int]bool, len(chains))
	for i, c := range chains {
		needs[i] = map[int]bool{}
		for w := range uses[i] {
			if by, ok := made[w]; ok && by != i && class(chains[by][0].pieces[0]) == class(c[0].pieces[0]) {
				needs[i][by] = true
			}
		}
	}
	state := make([]int, len(chains)) // 1: being visited, 2: placed
	var place func(i int)
	place = func(i int) {
		if state[i] > 0 {
			return // placed, or a circle, which is cut here
		}
		state[i] = 1
		for by := range len(chains) {
			if needs[i][by] {
				place(by)
			}
		}
		state[i], order = 2, append(order, i)
	}
	for i := range chains {
		place(i)
	}
	return order
}

// each added line of the units.
func each(units []unit, f func(string)) {
	for _, u := range units {
		for _, p := range u.pieces {
			for _, s := range added(p) {
				f(s)
			}
		}
	}
}

func added(p Piece) (text []string) {
	if len(p.Edits) > 0 {
		for _, e := range p.Edits {
			for _, l := range e.Come {
				text = append(text, l.Text)
			}
		}
		return text
	}
	if p.Status == bot.Removed {
		return nil
	}
	for s := range strings.SplitSeq(p.Patch, "\n") {
		if strings.HasPrefix(s, "+") {
			text = append(text, s[1:])
		}
	}
	return text
}

// pack fills parts in the order of the units: a new one begins where the next
// unit does not fit. What does not count goes with what came before it.
func pack(units []unit, most int) (parts []Part) {
	for _, u := range units {
		n := u.lines()
		if last := len(parts) - 1; last >= 0 && parts[last].Lines+n <= most {
			parts[last].Pieces, parts[last].Lines = append(parts[last].Pieces, u.pieces...), parts[last].Lines+n
			continue
		}
		parts = append(parts, Part{Pieces: u.pieces, Lines: n})
	}
	return parts
}
