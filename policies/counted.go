package policies

import (
	"cmp"
	"slices"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
)

// Rules by which lines count, but for what .gitattributes say.
func (s BatchSettings) Rules() lines.Rules {
	return lines.Rules{Count: s.Count, Weights: s.Weights, Header: s.Header}
}

// Decided reports whether a change's totals decide: what counts is no more
// than they say, in a scope as in all, and that is below every limit.
func (s BatchSettings) Decided(c bot.Change) bool {
	within := func(n int, l Limits) bool { return !over(n, l.Warn) && !over(n, l.Block) }
	for _, p := range append([]Scope{{Lines: s.Lines, Files: s.Files}}, s.Scopes...) {
		if !within(c.Lines(), p.Lines) || !within(c.Files, p.Files) {
			return false
		}
	}
	return s.Rules().Bounded()
}

// Told is what people are told of a count of a change that has so many files.
func (s BatchSettings) Told(c lines.Count, files int) words.Counted {
	all := func(lines.File) bool { return true }
	unlisted := max(0, files-len(c.Files))
	told := words.Counted{Lines: c.Effective, Files: c.CountedFiles(all) + unlisted, Free: c.Free(), Missing: c.Missing, About: c.About}
	for _, p := range s.Scopes {
		told.Scopes = append(told.Scopes, words.Part{
			Name: p.Name, Lines: c.Over(s.Rules(), p.has), Files: c.CountedFiles(p.has) + unlisted,
		})
	}
	if c.Missing > 0 {
		c.Missing = 0
		told.Least = c.Over(s.Rules(), all)
	}
	told.Biggest, told.Not = biggest(c), not(c)
	for _, f := range c.Files {
		if n := f.Counted(); f.Says && n > 0 {
			told.Says = append(told.Says, words.Share{Path: f.Path, Lines: n})
		}
	}
	told.Says = most(told.Says, 3)
	return told
}

// WithoutTest is how many lines of code a change brings beside which no test
// changes; 0 where one does.
func WithoutTest(c lines.Count) (code int) {
	for _, f := range c.Files {
		switch {
		case f.Kind == lines.Tests && f.Lines > 0:
			return 0
		case f.Kind == lines.Code && (f.First > 0 || f.Unseen): // not one that is gone
			code += f.Lines
		}
	}
	return code
}

func (p Scope) has(f lines.File) bool {
	return slices.ContainsFunc(p.Paths, func(glob string) bool {
		ok, err := doublestar.Match(glob, f.Path)
		return err == nil && ok
	})
}

// biggest are the files of which the most lines count.
func biggest(c lines.Count) (all []words.Share) {
	for _, f := range c.Files {
		if n := f.Counted(); n > 0 {
			all = append(all, words.Share{Path: f.Path, Lines: n, At: f.First})
		}
	}
	return most(all, 10)
}

// not are the files of which nothing, or not all, counts for what they are, and
// the lines of others that do not.
func not(c lines.Count) (all []words.Share) {
	white, moved, gone := 0, 0, 0
	for _, f := range c.Files {
		if f.Weight == 0 && f.Raw > 0 {
			all = append(all, words.Share{Path: f.Path, Lines: f.Raw, Why: why(f)})
		}
		if light := f.Lines - f.Counted(); f.Weight > 0 && light > 0 {
			all = append(all, words.Share{Path: f.Path, Lines: light, Why: why(f) + words.Each(f.Weight)})
		}
		if f.Weight > 0 {
			white, moved, gone = white+f.Whitespace, moved+f.Moved, gone+f.Gone
		}
	}
	all = gather(all)
	for _, s := range []words.Share{{Lines: white, Why: "white space"}, {Lines: moved, Why: "moved"}, {Lines: gone, Why: "of removed files"}} {
		if s.Lines > 0 {
			all = append(all, s)
		}
	}
	return all
}

// gather names the three largest; what is beyond them is summed, and each rule
// of theirs named.
func gather(all []words.Share) []words.Share {
	all = most(all, len(all))
	if len(all) <= 4 {
		return all
	}
	rest := words.Share{Files: len(all) - 3}
	var whys []string
	for _, s := range all[3:] {
		rest.Lines += s.Lines
		if !slices.Contains(whys, s.Why) {
			whys = append(whys, s.Why)
		}
	}
	rest.Why = words.Few(whys, 4)
	return append(all[:3:3], rest)
}

// most are the n largest; of equals those that come first.
func most(all []words.Share, n int) []words.Share {
	slices.SortStableFunc(all, func(a, b words.Share) int { return cmp.Compare(b.Lines, a.Lines) })
	return slices.Clone(all[:min(n, len(all))])
}

func why(f lines.File) string {
	switch f.Rule.By {
	case lines.ByAttributes:
		return words.KindBy(string(f.Kind), f.Rule.Name, f.Rule.Line)
	case lines.ByHeader:
		return words.KindItself(string(f.Kind))
	case lines.ByFile:
		return words.KindBy(string(f.Kind), "", f.Rule.Line)
	}
	return words.KindBy(string(f.Kind), "", 0)
}
