// Package lines counts the effective lines of a change: those that somebody
// has to read. It is pure: what GitHub lists of a change and the rules of its
// base go in, the count and why come out. The count is never below the truth:
// what cannot be seen counts as the heaviest line could, and no less than code.
package lines

import (
	"cmp"
	"math"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// MostPatch is how much of a change's patches is looked at, in bytes. Of files
// beyond it the numbers that GitHub gives count.
const MostPatch = 4 << 20

// Count of a change.
type Count struct {
	Effective int    // lines, by the weights of their kinds, rounded up
	Raw       int    // lines that GitHub counts
	Missing   int    // of these are in no file that it lists; each counts as the heaviest line could
	About     bool   // the files have more lines than the totals: somebody pushed meanwhile
	Files     []File // by path
}

// File is what is counted of a file: Raw is the sum of Lines, Whitespace, Moved
// and Gone.
type File struct {
	Path       string
	Previous   string // before a rename
	Kind       Kind
	Rule       Rule    // that says so
	Weight     float64 // of a line
	Raw        int     // lines added and deleted
	Lines      int     // that count, before the weight
	Whitespace int     // lines that differ in white space alone, or are blank with nothing else that counts around
	Moved      int     // lines of blocks that came from or went to another place
	Gone       int     // lines of a file that is removed, after its first
	Unseen     bool    // GitHub showed no patch: all its lines count
	Says       bool    // it says of itself that it is generated, which nobody has to believe
	First      int     // its first changed line, in the new file; 0 where there is none, or no file
}

// Of counts what GitHub lists of a change, whose totals are raw lines. The
// order of the list does not matter.
func Of(files []bot.ChangedFile, raw int, r Rules) Count {
	files = slices.SortedFunc(slices.Values(files), func(a, b bot.ChangedFile) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Status, b.Status), cmp.Compare(a.Lines(), b.Lines()), cmp.Compare(a.Patch, b.Patch))
	})
	c, texts, room := Count{Raw: raw}, make([]text, len(files)), MostPatch
	for i, f := range files {
		if len(f.Patch) <= room {
			texts[i], room = read(f), room-len(f.Patch)
		}
		c.Files = append(c.Files, r.begin(f, texts[i]))
	}
	if c.seen(texts) {
		move(texts)
	}
	for i := range c.Files {
		texts[i].blanks()
		c.Files[i].count(files[i], texts[i])
	}
	return c.sum(r)
}

// seen reports whether all lines are. Where some are not, none is said to
// have moved: the block may have gone to where nobody sees it, and this one be
// its copy.
func (c Count) seen(texts []text) bool {
	known := 0
	for i, f := range c.Files {
		if known += f.Raw; f.Raw > 0 && !texts[i].seen {
			return false
		}
	}
	return known >= c.Raw
}

// begin says what kind of lines a file has.
func (r Rules) begin(f bot.ChangedFile, t text) File {
	says := r.Header != Ignore && t.saysGenerated(f)
	kind, rule := r.kind(f.Path, says && r.Header == Trust)
	if f.Status == bot.Removed {
		t.first = 0
	}
	return File{Path: f.Path, Previous: f.Previous, Kind: kind, Rule: rule, Weight: r.weight(kind), Raw: f.Lines(), Says: says, First: t.first}
}

// count says which of a file's lines count.
func (f *File) count(c bot.ChangedFile, t text) {
	switch {
	case c.Status == bot.Removed:
		f.Lines = min(1, f.Raw)
		f.Gone = f.Raw - f.Lines
	case !t.seen:
		f.Lines, f.Unseen = f.Raw, f.Raw > 0
	default:
		f.Whitespace, f.Moved = t.sum()
		f.Lines = f.Raw - f.Whitespace - f.Moved
	}
}

// sum adds what the files have, and what the totals have beyond it.
func (c Count) sum(r Rules) Count {
	known := 0
	for _, f := range c.Files {
		known += f.Raw
	}
	c.Missing, c.About = max(0, c.Raw-known), known > c.Raw
	c.Raw = max(c.Raw, known)
	c.Effective = c.Over(r, func(File) bool { return true })
	return c
}

// Over is the count over some of the files alone. What is in no file that
// GitHub lists could be in any of them, and counts.
func (c Count) Over(r Rules, in func(File) bool) int {
	sum := float64(c.Missing) * r.Heaviest()
	for _, f := range c.Files {
		if in(f) {
			sum += f.Weight * float64(f.Lines)
		}
	}
	return whole(sum)
}

// whole lines: 0.1 + 0.2 is no more than 0.3.
func whole(sum float64) int { return int(math.Ceil(sum - 1e-6)) }

// Counted are the lines that count, by their weight.
func (f File) Counted() int { return whole(f.Weight * float64(f.Lines)) }

// CountedFiles is how many of some files count: those that have lines that do,
// and those without any, as images, that did not just move.
func (c Count) CountedFiles(in func(File) bool) (n int) {
	for _, f := range c.Files {
		if in(f) && f.Weight > 0 && (f.Lines > 0 || f.Raw == 0 && f.Previous == "") {
			n++
		}
	}
	return n
}

// Free are the lines that do not count, by themselves or by their kind.
func (c Count) Free() int { return max(0, c.Raw-c.Effective) }
