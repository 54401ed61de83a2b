package gallery

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// counted are changes that GitHub does not show all of.
func (a *Album) counted() {
	c := words.Counted{Lines: 1, Files: 1, Free: 300, Not: []words.Share{{Path: "go.sum", Lines: 300, Why: "lockfile"}}}
	a.Saw("one line counts", size(c, "success", c.Title(), "Target 20, warning above 100."))
	c = words.Counted{Lines: 9400, Files: 3012, Free: 600, Missing: 9000, Least: 400, Biggest: []words.Share{{Path: "importer/run.go", Lines: 400}}, Not: []words.Share{{Lines: 600, Why: "moved"}}}
	const next = "Merging waits until it is smaller."
	a.Saw("GitHub lists 3,000 files of more", size(c, "failure", c.Rough()+"9400 lines - the limit here is 400", next))
	c = words.Counted{Lines: 612, Files: 19, Free: 9, Why: "list the tree of acme/shop at 9f68062: it is too large", Not: []words.Share{{Lines: 9, Why: "white space"}}}
	a.Saw("the .gitattributes cannot be read", size(c, "failure", c.Rough()+"612 lines - the limit here is 400", next))
	a.Saw("a change of unknown size is to pass", comment(words.Refused(bot.Refusal{Message: "nobody knows how large #12 is, and `/override` needs a size that it holds up to", Advice: "/recheck"})))
	a.Saw("GitHub lists no files to split", comment(words.Refused(bot.Refusal{Message: "`/split` needs a limit and the files of #12, and GitHub did not list them for 9f68062", Advice: "/split"})))
	a.Saw("what is not shown cannot be split", comment(words.Refused(bot.Refusal{Message: "#12 cannot be split into parts of 400 lines, which is the limit: `data.go has 9000 lines, and GitHub does not show them`", Advice: "/override batch reason"})))
	var parts []words.SplitPart
	for n := range 2 {
		p := words.SplitPart{Lines: 390, Files: []words.SplitFile{{Path: "shop/is.go", Was: "shop/was.go", Moved: true}, {Path: "shop/cart.go", From: 1, To: 380}}}
		for i := range 13 {
			p.Files = append(p.Files, words.SplitFile{Path: fmt.Sprintf("part%d/%d.go", n, i), Gone: i == 1})
		}
		parts = append(parts, p)
	}
	a.Saw("a change of many files can be split", comment(words.Split(change, commit, "main", 400, parts)))
	a.explained()
	a.pressed()
	a.inexact()
}

// explained is what is told of a change beside its size.
func (a *Album) explained() {
	c := words.Counted{Lines: 80, Files: 1, Free: 40, Says: []words.Share{{Path: "shop/table.go", Lines: 80}}, Not: []words.Share{{Path: "shop/bytes.go", Lines: 40, Why: words.KindItself("generated")}}}
	a.Saw("files say that they are generated", size(c, "success", c.Title(), "Target 20, warning above 100."))
	a.Saw("a change is explained where there is no file", comment(words.Explained{
		Change: change, Head: commit, File: ".github/roundtrip.yml",
		Policies: []words.PolicySays{{Name: "batch", Mode: "observe", Mark: "⚠️", Title: "450 lines - the limit here is 400", Rule: "batch.lines.block"}},
	}.String()))
}

// pressed are buttons beside a check that did not help.
func (a *Album) pressed() {
	pressed := size(words.Counted{Lines: 12, Files: 1}, "success", "12 lines - on target", "Target 20, warning above 100.")
	said := pressed.Summary
	pressed.Summary = words.Beside("fly", alice, false, bot.Refusal{Message: "it is a button of another version of me", Advice: "/help"}) + "\n\n" + said
	a.Saw("a button of another version is pressed", pressed)
	pressed.Summary = words.Beside("Ask for override", alice, false, bot.Refusal{Message: "#12 is over no limit that it waits for", Advice: "/status"}) + "\n\n" + said
	a.Saw("an override is asked for in vain", pressed)
}

// inexact are counts of which part is not known.
func (a *Album) inexact() {
	const next = "Merging waits until it is smaller."
	c := words.Counted{Lines: 63, Files: 2, Free: 12, About: true, Least: 1, Not: []words.Share{{Files: 4, Lines: 12, Why: words.Few([]string{"lockfile", "docs", "tests" + words.Each(0.5), "vendored", "generated"}, 4)}}}
	a.Saw("GitHub lists more lines than there are", size(c, "success", c.Title(), "Target 20, warning above 100."))
	c = words.Counted{Lines: 9001, Files: 9, Missing: 9000, Least: 1}
	a.Saw("GitHub lists no more than a line", size(c, "failure", c.Rough()+"9001 lines - the limit here is 400", next))
	unseen := size(words.Counted{Lines: 612, Files: 19}, "failure", words.UpTo+"612 lines - the limit here is 400", next)
	unseen.Summary = "612 changed lines in 19 files. " + next + words.Unlooked("GitHub took longer than 10s") + "\n\nNext: comment `/split` for parts that fit."
	a.Saw("GitHub lists no files", unseen)
	mia := bot.Person{Login: "mia"}
	a.Saw("what nobody could count is to pass", comment(words.OverrideGranted(change, []string{"612 lines"}, commit, at, "one table")))
	passes := unseen
	passes.Conclusion, passes.Title = "success", words.UpTo+"612 lines - allowed by @mia until "+words.Moment(at)
	passes.Summary = "612 changed lines in 19 files. " + words.Overridden(400, nil, commit, "one table") + words.Unlooked("")
	a.Saw("what nobody could count may pass", passes)
	unseen.Summary += "\n\n" + words.Outgrown(mia, nil, commit) + "\n\n" + words.AskForOverride(bot.RoleMaintain, nil, commit, 7*24*time.Hour)
	a.Saw("what nobody could count passed, and another commit came", unseen)
}

func size(c words.Counted, conclusion, title, limits string) bot.SetCheck {
	return bot.SetCheck{
		Name: "roundtrip / batch", Status: "completed", Conclusion: conclusion, Title: title,
		Summary: c.Size() + ". " + limits + c.Explain() + "\n\nNext: see whether a part of it can ship first.",
	}
}
