package words

import (
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Incident is what people see of a red branch.
type Incident struct {
	Repo    bot.RepoName
	Branch  string
	Why     string // "unit fails since 9f3c2ab"
	Change  bot.ChangeRef
	Title   string
	Author  bot.Login // named where it is shown that it broke with the change
	Culprit Culprit
	Since   time.Time
	Healed  time.Time
	// Unproven: nothing fails any more, and not all that decides has passed.
	Unproven bool
	Waiting  int // open changes that wait
	URL      string
	// Claimed is who takes care of it; zero while nobody does.
	Claimed   bot.Person
	ClaimedAt time.Time
	Revert    TakeBack
	Buttons   []bot.Button
}

// Broke tells the channel that a branch is red: what fails, since when, with
// which change, how sure that is, and what to do.
func (i Incident) Broke() (text string, blocks []bot.Block) {
	text = fmt.Sprintf("🔴 %s is red in %s: %s", Slack(i.Branch), Slack(string(i.Repo)), Slack(i.Why))
	next := "push a repair or a revert"
	if i.Revert.Opened > 0 {
		next = i.wayBack()
	}
	blocks = []bot.Block{
		{Kind: bot.Section, Text: fmt.Sprintf("*🔴 %s is red in %s*\n%s, since %s. %s", Slack(i.Branch), Slack(string(i.Repo)), Slack(i.Why), Clock(i.Since), i.broke())},
		{Kind: bot.Section, Text: "*Next:* " + next + ". A change whose run passes what fails may merge at once; all others wait."},
	}
	if i.taken() {
		blocks = append(blocks, bot.Block{Kind: bot.Section, Text: fmt.Sprintf("🙋 %s takes care of it since %s.", Slack(i.Claimed.Name()), Clock(i.ClaimedAt))})
	}
	if line := i.reverting(); line != "" {
		blocks = append(blocks, bot.Block{Kind: bot.Section, Text: line})
	}
	if len(i.Buttons) > 0 {
		blocks = append(blocks, bot.Block{Kind: bot.Actions, Buttons: i.Buttons})
	}
	if i.URL != "" {
		blocks = append(blocks, bot.Block{Kind: bot.Context, Text: Link(i.URL, "log")})
	}
	return text, blocks
}

// BranchIs says how a branch is, as /status lists it.
func BranchIs(branch string, b Health) string {
	switch {
	case b.Unwatched:
		return Code(branch) + " is not watched: the file does not ask for it to be green"
	case b.Red:
		return fmt.Sprintf("%s is red: %s", Code(branch), Code(b.Why))
	case b.Green:
		return Code(branch) + " is green"
	case b.Why != "":
		return fmt.Sprintf("%s: %s; whether it is broken is not known yet", Code(branch), Code(b.Why))
	}
	return "nothing is known against " + Code(branch) + "; not all that decides has finished there"
}

// Health of a branch; neither red nor green: unknown.
type Health struct {
	Red, Green bool
	Why        string // it is red, or may be
	Unwatched  bool   // nobody asks
}

func (i Incident) taken() bool { return i.Claimed != bot.Person{} }

// ClaimedBy tells the thread who takes care of it.
func (i Incident) ClaimedBy() string {
	return fmt.Sprintf("🙋 %s takes care of %s.", Slack(i.Claimed.Name()), Slack(i.Branch))
}

// Nudge reminds the thread: how long it is red, how long it should be, who
// takes care, and what to do.
func (i Incident) Nudge(after, target time.Duration) string {
	line := fmt.Sprintf("⏱ %s has been red for %s; the target is %s.", Slack(i.Branch), For(after), For(target))
	if after == target {
		line = fmt.Sprintf("⏱ %s has been red for %s, and that is the target.", Slack(i.Branch), For(after))
	}
	switch {
	case i.Revert.Opened > 0:
		return line + " Next: " + i.wayBack() + "."
	case !i.taken():
		return line + " Nobody has taken it yet. Next: `/roundtrip main claim`, then " + i.wayBack() + "."
	}
	return line + fmt.Sprintf(" %s takes care of it since %s. Next: %s.", Slack(i.Claimed.Name()), Clock(i.ClaimedAt), i.wayBack())
}

// Escalated tells those who are called when it burns.
func (i Incident) Escalated(after time.Duration, page string) string {
	whom := "Everybody"
	if page != "" {
		whom = Slack(page)
	}
	return fmt.Sprintf("🚨 %s: %s has been red for %s and holds all merges. Next: %s.", whom, Slack(i.Branch), For(after), i.wayBack())
}

// wayBack is what makes the branch green again. A revert by us is named only
// where we would open one: nobody is sent to what is refused.
func (i Incident) wayBack() string {
	switch {
	case i.Revert.Opened > 0:
		return fmt.Sprintf("merge #%d, which takes %s back", i.Revert.Opened, i.culprit())
	case i.Revert.Offered, i.Revert.By != (bot.Person{}): // asked for, it is on its way
		return fmt.Sprintf("revert %s or push a repair", i.culprit())
	}
	return "push a repair, or revert by hand what fails"
}

func (i Incident) culprit() string {
	if i.Change.IsZero() {
		return "the commit it broke with"
	}
	return fmt.Sprintf("#%d", i.Change.Number)
}

// Over tells that it is over, and what it cost. What is not red is green only
// when all that decides has passed.
func (i Incident) Over() (text string, blocks []bot.Block) {
	took := For(i.Healed.Sub(i.Since))
	text = fmt.Sprintf("🟢 %s is green again in %s after %s", Slack(i.Branch), Slack(string(i.Repo)), took)
	if i.Unproven {
		text = fmt.Sprintf("⚪ %s is red no more in %s after %s; whether it is green, checks have yet to tell", Slack(i.Branch), Slack(string(i.Repo)), took)
	}
	waited := "No change had to wait."
	if i.Waiting > 0 {
		waited = fmt.Sprintf("%s released.", changes(i.Waiting))
	}
	return text, []bot.Block{{Kind: bot.Section, Text: fmt.Sprintf("*%s*\n%s", text, waited)}}
}

// Unwatched tells that the file asks no more for the branch to be green: what
// failed may fail still, and nobody is reminded of it.
func (i Incident) Unwatched() (text string, blocks []bot.Block) {
	text = fmt.Sprintf("⚪ %s is no longer watched in %s: the file asks for that no more", Slack(i.Branch), Slack(string(i.Repo)))
	waited := "No change had to wait."
	if i.Waiting > 0 {
		waited = fmt.Sprintf("%s released.", changes(i.Waiting))
	}
	return text, []bot.Block{
		{Kind: bot.Section, Text: fmt.Sprintf("*%s*\n%s when last seen. %s No more reminders come.", text, Slack(i.Why), waited)},
		{Kind: bot.Section, Text: "*Next:* `green: {mode: block}` in .github/roundtrip.yml watches it again."},
	}
}

func changes(n int) string {
	if n == 1 {
		return "1 open change is"
	}
	return fmt.Sprintf("%d open changes are", n)
}
