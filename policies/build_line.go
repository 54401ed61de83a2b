package policies

import (
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Pushed puts a new head, and what was the head before, at the end of the
// branch's line; what was the head before one that is on the line goes before it. A forced push back to a commit of the line makes it the head
// again; any other begins a new line, on which what was red must be shown to
// pass anew.
func (b Build) Pushed(before, head bot.SHA, forced bool) Build {
	i := slices.Index(b.Line, head)
	if forced {
		b.Left = append(slices.Clone(b.Left), b.Line[i+1:]...)
	}
	b.Left = slices.DeleteFunc(slices.Clone(b.Left), func(sha bot.SHA) bool { return sha == head })
	b.Left = b.Left[max(0, len(b.Left)-keepLine):]
	switch {
	case forced && i >= 0:
		b.Line = b.Line[:i+1]
	case forced:
		b.Line = []bot.SHA{head}
	case i >= 0 && b.missing(before): // what came between was lost, and is told now
		b.Line = slices.Insert(slices.Clone(b.Line), i, before)
	case i < 0:
		b.Line = slices.Clone(b.Line)
		if b.missing(before) {
			b.Line = append(b.Line, before)
		}
		b.Line = append(b.Line, head)
	}
	return b.kept()
}

// missing reports whether a commit that was the head is not on the line.
func (b Build) missing(sha bot.SHA) bool {
	return isCommit(sha) && !slices.Contains(b.Line, sha) && !slices.Contains(b.Left, sha)
}

// Continues reports whether a push follows on what is known, or brings nothing
// new. One that was forced, that begins elsewhere, or that brings back what a
// forced push took off may be an old one, told again.
func (b Build) Continues(before, head bot.SHA, forced bool) bool {
	switch {
	case forced:
		return false
	case slices.Contains(b.Line, head), len(b.Line) == 0:
		return true
	}
	return b.Line[len(b.Line)-1] == before && !slices.Contains(b.Left, head)
}

// Between puts a commit whose push is told late after the one that it follows,
// when the branch's head is still the end of its line; false: it has no such
// place. Of a line whose end is no more the head, a forced push may have taken
// off what comes after it.
func (b Build) Between(before, sha, head bot.SHA) (Build, bool) {
	at := slices.Index(b.Line, before)
	if at < 0 || b.Line[len(b.Line)-1] != head || slices.Contains(b.Left, sha) {
		return b, false
	}
	if at+1 < len(b.Line) {
		b = b.WithSteps(b.Line[at+1], 0)
	}
	b.Line = slices.Insert(slices.Clone(b.Line), at+1, sha)
	return b.kept(), true
}

// kept forgets what is on the line no more.
func (b Build) kept() Build {
	b = b.forget()
	return b.only(func(_ string, run bot.CheckRun) bool { return slices.Contains(b.Line, run.SHA) })
}

// WithSteps notes how many commits came with one of the line, itself included,
// since the one before it there; 0: that is not known.
func (b Build) WithSteps(sha bot.SHA, n int) Build {
	steps := map[bot.SHA]int{}
	for _, on := range b.Line {
		switch {
		case on == sha && n > 0:
			steps[on] = n
		case on != sha && b.Steps[on] > 0:
			steps[on] = b.Steps[on]
		}
	}
	if b.Steps = steps; len(steps) == 0 {
		b.Steps = nil
	}
	return b
}

// isCommit: GitHub writes that there was none as zeros.
func isCommit(sha bot.SHA) bool { return strings.Trim(string(sha), "0") != "" }

// only keeps some runs.
func (b Build) only(wanted func(check string, run bot.CheckRun) bool) Build {
	kept := map[string][]bot.CheckRun{}
	for check, runs := range b.Runs {
		for _, run := range runs {
			if wanted(check, run) {
				kept[check] = append(kept[check], run)
			}
		}
	}
	b.Runs = kept
	return b
}
