package policies

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Revert is what is being done to take back what broke a branch.
type Revert struct {
	Number int        `json:"number"` // the change that is taken back
	By     bot.Person `json:"by,omitzero"`
	At     time.Time  `json:"at,omitzero"`
	Merge  bool       `json:"merge,omitempty"`  // its commit is a merge
	Opened int        `json:"opened,omitempty"` // the pull request that does; 0 while it is only asked for
}

// Culprit is the commit that broke a red branch, when no other can have: all
// that fails began with the branch's head, and passed on the head before it.
// False when the failure may have come with more than one push, or when
// another commit lies on top.
func (b Build) Culprit() (sha, before bot.SHA, known bool) {
	at := len(b.Line) - 1
	if b.Health != Red || at < 1 || len(b.Causes) == 0 {
		return "", "", false
	}
	sha, before = b.Line[at], b.Line[at-1]
	for _, c := range b.Causes {
		if c.SHA != sha || !b.passed(c.Check, before) {
			return "", "", false
		}
	}
	return sha, before, true
}

// passed reports whether the newest verdict of a check on a commit is a pass.
func (b Build) passed(check string, sha bot.SHA) bool {
	for _, run := range slices.Backward(b.Runs[check]) {
		if run.SHA == sha && run.Concluded() {
			return run.Passed()
		}
	}
	return false
}
