package words

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// TakeBack is what people see of a revert: whether we would open one, who
// asked for it, and the pull request when there is one.
type TakeBack struct {
	Offered bool       // it is certain what is to be taken back, and nobody has asked
	By      bot.Person // zero: nobody asked us
	Opened  int
}

// reverting says who asked for a revert that is not there yet; empty when
// nobody did.
func (i Incident) reverting() string {
	if i.Revert.Opened > 0 || i.Revert.By == (bot.Person{}) {
		return ""
	}
	return fmt.Sprintf("↩ %s asked for a revert of %s.", Slack(i.Revert.By.Name()), i.culprit())
}

// RevertOpened tells the thread that the pull request is there.
func (i Incident) RevertOpened() string {
	asked := ""
	if (i.Revert.By != bot.Person{}) {
		asked = ", asked by " + Slack(i.Revert.By.Name())
	}
	return fmt.Sprintf("↩ #%d takes %s back%s. Next: merge it; once what fails passes there, it need not wait for %s.", i.Revert.Opened, i.culprit(), asked, Slack(i.Branch))
}

// RevertBody is the text of a pull request that takes a change back. Its first
// line is the one by which GitHub links both.
func RevertBody(ref bot.ChangeRef, branch, why string, by bot.Person) string {
	return fmt.Sprintf("Reverts %s\n\n%s is red: %s. %s asked for this revert. Nothing else has come to %s since, so it brings back exactly what was there before.",
		ref, Code(branch), Code(why), Code(by.Name()), Code(branch))
}

// RevertByHand is how people open a revert that we could not open.
type RevertByHand struct {
	Change bot.ChangeRef
	Branch string
	SHA    bot.SHA
	Merge  bool   // the commit is a merge
	Why    string // we could not
}

// Comment says it on the change.
func (r RevertByHand) Comment() string {
	return fmt.Sprintf("### ↩ The revert of #%d could not be opened\n%s\n\n**Next:** open it yourself.\n%s\n", r.Change.Number, Code(r.why()), Paste(r.commands()))
}

// Chat says it in the thread.
func (r RevertByHand) Chat() (text string, blocks []bot.Block) {
	text = fmt.Sprintf("👎 The revert of #%d could not be opened: %s", r.Change.Number, Slack(r.why()))
	return text, []bot.Block{
		{Kind: bot.Section, Text: text + "\n*Next:* open it yourself."},
		{Kind: bot.Section, Text: "```\n" + r.commands() + "\n```"},
	}
}

// why without what we were doing, which is said already.
func (r RevertByHand) why() string {
	return strings.TrimPrefix(r.Why, "open a revert of "+r.Change.String()+": ")
}

// harmlessName of a branch stands in a shell's line as it is.
var harmlessName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_./-]*$`)

func (r RevertByHand) commands() string {
	branch, mainline := r.Branch, ""
	if !harmlessName.MatchString(branch) {
		branch = "BRANCH"
	}
	if r.Merge {
		mainline = "-m 1 "
	}
	return strings.Join([]string{
		"git fetch origin",
		fmt.Sprintf("git switch -c revert-%d-by-hand origin/%s", r.Change.Number, branch),
		fmt.Sprintf("git revert --no-edit %s%s", mainline, r.SHA),
		fmt.Sprintf("git push -u origin revert-%d-by-hand", r.Change.Number),
		fmt.Sprintf("gh pr create --base %s --title 'Revert #%d' --body 'Reverts #%d'", branch, r.Change.Number, r.Change.Number),
	}, "\n")
}
