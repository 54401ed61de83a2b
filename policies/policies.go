// Package policies judges changes and builds. It is pure: facts in, verdicts
// out. A policy is one file and one line in All.
package policies

import "github.com/roundtrip-bot/roundtrip/bot"

// Facts is what a policy may know of a change.
type Facts struct {
	Change bot.Change
	Main   Build // of the change's base branch
	// Runs are the newest runs of other people's checks on the change's head.
	Runs map[string]bot.CheckRun
	// Tree names the files of the change's head, where it is known.
	Tree string
}

// Verdict is a policy's answer: what the check on the change shows.
type Verdict struct {
	Status     string // bot.Completed, or bot.InProgress while the change waits
	Conclusion string
	Title      string
	Summary    string // Markdown
}

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

func done(conclusion, title, summary string) Verdict {
	return Verdict{Status: bot.Completed, Conclusion: conclusion, Title: title, Summary: summary}
}
