package policies

import (
	"fmt"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// batch asks that a change be small enough to read, test and undo in one go.
func batch() Policy {
	return Policy{
		Name: "batch", Check: "roundtrip / batch",
		Doc:   "A small change is reviewed sooner, breaks less and is easier to undo. Aim for about twenty lines: one idea, with its test.",
		Mode:  func(s Settings) Mode { return s.Batch.Mode },
		Judge: func(f Facts, s Settings) Verdict { return judgeBatch(f, s.Batch) },
	}
}

// Judges reports whether the size of an author's changes matters to anybody.
func (s BatchSettings) Judges(author bot.Login) bool { return s.Mode != Off && !s.exempts(author) }

func (s BatchSettings) exempts(author bot.Login) bool {
	return slices.ContainsFunc(s.Exempt, func(login string) bool { return strings.EqualFold(login, string(author)) })
}

// judgeBatch judges the totals that came with the event: no read is needed.
// A limit of 0 is no limit.
func judgeBatch(f Facts, s BatchSettings) Verdict {
	c := f.Change
	if s.exempts(c.Author) {
		return done(bot.Success, "Not judged: this author is exempt", "The file exempts this author from the size of a change.")
	}
	if !c.HasTotals {
		return unknownSize(c.Author, f.Unsaid, s.Mode)
	}
	size := fmt.Sprintf("%s in %s", words.Plural(c.Lines(), "changed line"), words.Plural(c.Files, "file"))
	over := func(n, limit int) bool { return limit > 0 && n > limit }
	switch {
	case over(c.Lines(), s.Lines.Block):
		return tooLarge(s.Mode, fmt.Sprintf("%d lines - the limit here is %d", c.Lines(), s.Lines.Block), size)
	case over(c.Files, s.Files.Block):
		return tooLarge(s.Mode, fmt.Sprintf("%d files - the limit here is %d", c.Files, s.Files.Block), size)
	case over(c.Lines(), s.Lines.Warn):
		return large(fmt.Sprintf("%d lines - over the %d-line guide", c.Lines(), s.Lines.Warn), size)
	case over(c.Files, s.Files.Warn):
		return large(fmt.Sprintf("%d files - over the guide of %d", c.Files, s.Files.Warn), size)
	case c.Lines() <= s.Lines.Target:
		return done(bot.Success, fmt.Sprintf("%s - on target", words.Plural(c.Lines(), "line")),
			fmt.Sprintf("%s. Target %d, warning above %d.", size, s.Lines.Target, s.Lines.Warn))
	}
	return done(bot.Success, fmt.Sprintf("%s - the target is %d", words.Plural(c.Lines(), "line"), s.Lines.Target),
		fmt.Sprintf("%s. Target %d, warning above %d.", size, s.Lines.Target, s.Lines.Warn))
}

// firstPart are the lines that put a part of a change into one of its own.
const firstPart = "```\ngit switch -c first-part origin/main\ngit checkout - -- path/of/one/idea\n```\n"

func tooLarge(mode Mode, title, size string) Verdict {
	conclusion, may := mode.until("it is smaller")
	return done(conclusion, title, size+". "+may+"\n\nNext: put one idea with its test into a change of its own:\n\n"+firstPart)
}

// until says whether merging waits for something: only where the file says block.
func (m Mode) until(what string) (conclusion, may string) {
	if m == Block {
		return bot.Failure, "Merging waits until " + what + "."
	}
	return bot.Neutral, "Merging is allowed: this policy only warns here."
}

func large(title, size string) Verdict {
	return done(bot.Neutral, title, size+". Merging is allowed. Changes this size wait longer for review and are harder to undo.\n\nNext: see whether a part of it can ship first.")
}
