// Package split says how a change that is too large can come in parts, each
// of which fits and builds on the one before. It is pure: what GitHub lists of
// the change goes in, a plan comes out. It takes a change apart by its commits
// where they are good parts, else by files, and within a file by the places
// that changed. The parts in their order make the change's own files.
package split

import (
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
)

// Change to be split.
type Change struct {
	Files   []bot.ChangedFile // all of them, with their patches
	Commits []Commit          // oldest first; empty: they are not known, or some have two parents
	Rules   lines.Rules       // by which lines count
	Most    int               // lines that may count in a part
}

// Commit of a change.
type Commit struct {
	SHA   bot.SHA
	Title string
	Files []bot.ChangedFile
}

// Part of a change.
type Part struct {
	Commits []Commit // what it is made of; empty: pieces
	Pieces  []Piece
	Lines   int // that count, or more
}

// Piece is a file of a part: all that changed in it, or some of it.
type Piece struct {
	bot.ChangedFile
	Edits    []Edit // empty: the whole file
	From, To int    // lines of the file as it becomes that the edits are in; 0: the whole file
	Number   int    // of the file's pieces, from 1
	Of       int    // pieces that the file has
	lines    int    // that count, or more
}

// Plan splits a change. Where it cannot be split so that each part fits, why
// says for what.
func Plan(c Change) (parts []Part, why string) {
	if parts := c.byCommits(); parts != nil {
		return parts, ""
	}
	var units []unit
	for _, f := range c.Files {
		u, why := c.unitsOf(f)
		if why != "" {
			return nil, why
		}
		units = append(units, u...)
	}
	return pack(inOrder(together(units)), c.Most), ""
}

// byCommits makes parts of consecutive commits, where there are several and
// each fits; nil where that is no plan.
func (c Change) byCommits() (parts []Part) {
	if len(c.Commits) < 2 {
		return nil
	}
	for _, commit := range c.Commits {
		n := c.count(commit.Files)
		if n > c.Most {
			return nil
		}
		if last := len(parts) - 1; last >= 0 && parts[last].Lines+n <= c.Most {
			parts[last].Commits, parts[last].Lines = append(parts[last].Commits, commit), parts[last].Lines+n
			continue
		}
		parts = append(parts, Part{Commits: []Commit{commit}, Lines: n})
	}
	if len(parts) < 2 {
		return nil
	}
	return parts
}

// count is what files count, without what moves between them.
func (c Change) count(files []bot.ChangedFile) (n int) {
	for _, f := range files {
		n += lines.Of([]bot.ChangedFile{f}, f.Lines(), c.Rules).Effective
	}
	return n
}

// unitsOf a file: itself where it fits, else pieces that do.
func (c Change) unitsOf(f bot.ChangedFile) (units []unit, why string) {
	n := c.count([]bot.ChangedFile{f})
	if n <= c.Most {
		return []unit{{pieces: []Piece{{ChangedFile: f, Number: 1, Of: 1, lines: n}}}}, ""
	}
	runs, ok := parse(f)
	if !ok {
		return nil, fmt.Sprintf("%s has %d lines, and GitHub does not show them", f.Path, n)
	}
	if f.Previous != "" { // it is renamed first, and by itself
		moved := f
		moved.Added, moved.Deleted, moved.Patch = 0, 0, ""
		units = append(units, unit{pieces: []Piece{{ChangedFile: moved, Number: 1, Of: 1}}})
		f.Previous, f.Status = "", "modified"
	}
	all := cut(runs, c.Most)
	for i, edits := range all {
		p := Piece{ChangedFile: f, Edits: edits, Number: i + 1, Of: len(all)}
		if i > 0 && p.Status == "added" {
			p.Status = "modified"
		}
		for _, e := range edits {
			p.lines += len(e.Gone) + len(e.Come)
		}
		p.From, p.To = around(edits)
		units = append(units, unit{pieces: []Piece{p}, after: len(units) > 0})
	}
	return units, ""
}
