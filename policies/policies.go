// Package policies judges changes and builds. It is pure: facts in, verdicts
// out. A policy is one file and one line in All.
package policies

import (
	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// Facts is what a policy may know of a change.
type Facts struct {
	Change bot.Change
	Main   Build // of the change's base branch
	// Runs are the newest runs of other people's checks on the change's head.
	Runs map[string]bot.CheckRun
	// Tree names the files of the change's head, where it is known.
	Tree string
	// Counted is which of its lines count; nil where the totals decide, and
	// where nobody could look at its files.
	Counted *words.Counted
	// Uncounted is why nobody could, where GitHub said it.
	Uncounted string
	// Override is somebody's word that the change may be too large, while it holds.
	Override *Override
	// Unsaid is why the change has no totals, where they were asked for.
	Unsaid Unsaid
}

// Unsaid says why nobody knows how large a change is.
type Unsaid struct {
	Why   string // in words, as whoever was asked answered; may be empty
	Never bool   // asking again cannot help while the change is as it is
}

// Verdict is a policy's answer: what the check on the change shows.
type Verdict struct {
	Status     string // bot.Completed, or bot.InProgress while the change waits
	Conclusion string
	Title      string
	Summary    string // Markdown
	Notes      []bot.Note
	Rule       string   // the key of the file that it is by: "batch.lines.block"
	Offers     []string // what may be asked for beside it, in the words below
	// Waits says that the change is asked to wait, also where it may merge.
	Waits bool
}

// What a verdict may offer, in order.
const (
	OfferSplit    = "split"
	OfferRecount  = "recount"
	OfferOverride = "ask_override"
)

// Holds reports whether the verdict speaks against merging now, so that it
// must be taken back when nobody asks for it any more.
func (v Verdict) Holds() bool { return v.Waits || v.Conclusion == bot.Failure }

// Policy judges a change.
type Policy struct {
	Name  string // of its key in the file
	Check string // as shown on the change
	Doc   string
	Mode  func(Settings) Mode
	Judge func(Facts, Settings) Verdict
}

// All policies, in the order in which people see them.
func All() []Policy {
	return []Policy{batch(), green()}
}

// by names the key of the file that a verdict is by.
func (v Verdict) by(rule string) Verdict {
	v.Rule = rule
	return v
}

func done(conclusion, title, summary string) Verdict {
	return Verdict{Status: bot.Completed, Conclusion: conclusion, Title: title, Summary: summary}
}

// Released is what a check shows that spoke against merging, once the file
// asks for its policy no more: it holds nothing up, and says why.
func Released(p Policy, mode Mode, hasFile bool) Verdict {
	why := "`" + p.Name + "` is off in the repository's file"
	switch {
	case !hasFile:
		why = "The repository has no file any more: `" + p.Name + "` only observes"
	case mode == Observe:
		why = "`" + p.Name + "` only observes by the repository's file"
	}
	return done(bot.Neutral, "No longer asked for: merging is allowed", why+". This check holds nothing up.\n\nNext: nothing to do; `"+p.Name+": {mode: block}` in the file asks for it again.")
}
