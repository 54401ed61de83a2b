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

// judgeBatch judges the lines that count; the totals that came with the event
// where they decide, which takes no read.
func judgeBatch(f Facts, s BatchSettings) Verdict {
	c := f.Change
	if s.exempts(c.Author) {
		return done(bot.Success, "Not judged: this author is exempt", "The file exempts this author from the size of a change.").by("batch.exempt")
	}
	if !c.HasTotals {
		v := unknownSize(c.Author, f.Unsaid, s.Mode)
		v.Offers = []string{OfferRecount}
		return v.by("batch.lines.block")
	}
	z := sizeOf(f, s)
	v := z.verdict(f, s)
	v.Notes, v.Offers = z.notes, z.offers(v.Conclusion)
	return v
}

// offers are what helps: nothing where all is well, and an override where
// nothing else lets it pass.
func (z size) offers(conclusion string) (list []string) {
	if conclusion != bot.Success {
		list = append(list, OfferSplit)
	}
	if conclusion != bot.Success || z.measures[0].Rough != "" {
		list = append(list, OfferRecount)
	}
	if conclusion == bot.Failure {
		list = append(list, OfferOverride)
	}
	return list
}

func (z size) verdict(f Facts, s BatchSettings) Verdict {
	allowed := -1
	for i, m := range z.measures {
		switch {
		case !over(m.N, m.Block):
		case !f.Override.lets(f.Change.Head, m):
			return tooLarge(f, s, m, z).by(m.Key + ".block")
		case allowed < 0:
			allowed = i
		}
	}
	if allowed >= 0 {
		return f.Override.allowed(z.measures[allowed], z).by("batch.override")
	}
	for _, m := range z.measures {
		if over(m.N, m.Warn) {
			return large(m.warned(), z).by(m.Key + ".warn")
		}
	}
	n, number := z.measures[0].N, z.measures[0].size()
	title := fmt.Sprintf("%s - the target is %d", number, s.Lines.Target)
	switch {
	case f.Counted != nil && f.Counted.Free > 0:
		title = f.Counted.Title()
	case n <= s.Lines.Target:
		title = number + " - on target"
	}
	v := done(bot.Success, title, fmt.Sprintf("%s. Target %d, warning above %d.", z.said, s.Lines.Target, s.Lines.Warn)+z.more)
	return v.by("batch.lines.target")
}

// firstPart are the lines that put a part of a change into one of its own.
const firstPart = "```\ngit switch -c first-part origin/main\ngit checkout - -- path/of/one/idea\n```\n"

func tooLarge(f Facts, s BatchSettings, m measure, z size) Verdict {
	conclusion, may := s.Mode.until("it is smaller")
	ask := "press *Plan a split*"
	if !s.Mode.Asks() { // nothing is shown where a button could be
		ask = "comment `/split`"
	}
	return done(conclusion, m.refused(), z.said+". "+may+z.more+"\n\nNext: "+ask+", or ship one idea with its test first:\n\n"+firstPart+s.orElse(f))
}

// orElse is how a change that waits may pass all the same.
func (s BatchSettings) orElse(f Facts) (said string) {
	if s.Mode != Block {
		return ""
	}
	if f.Override != nil {
		said = "\n" + words.Outgrown(f.Override.By, f.Override.Mosts(), f.Override.Only) + "\n"
	}
	o := s.Except(f)
	return said + "\n" + words.AskForOverride(s.Override.Role, o.Mosts(), o.Only, s.Override.Expires) + "\n"
}

// until says whether merging waits for something: only where the file says block.
func (m Mode) until(what string) (conclusion, may string) {
	if m == Block {
		return bot.Failure, "Merging waits until " + what + "."
	}
	return bot.Neutral, "Merging is allowed: this policy only warns here."
}

func large(title string, z size) Verdict {
	return done(bot.Neutral, title, z.said+". Merging is allowed. Changes this size wait longer for review and are harder to undo."+z.more+"\n\nNext: see whether a part of it can ship first.")
}
