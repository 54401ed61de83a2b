package policies

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
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
		if c.SHA != sha || !b.Passed(c.Check, before) || c.State != "" && c.Confidence != trunk.Certain {
			return "", "", false
		}
	}
	return sha, before, true
}

// Passed reports whether the newest verdict of a check on a commit is a pass.
func (b Build) Passed(check string, sha bot.SHA) bool {
	for _, run := range slices.Backward(b.deciding(check)) {
		if run.SHA == sha && run.Concluded() {
			return run.Passed()
		}
	}
	return false
}

// SameTree is the commit before the one that broke a red branch, when a
// change's head has exactly its files, all that decides passed there, and
// nothing that decides fails on the head. What merges then, since nothing lies
// on top, is what was green.
func (b Build) SameTree(tree string, runs map[string]bot.CheckRun) (green bot.SHA, same bool) {
	_, before, known := b.Culprit()
	if !known || tree == "" || b.Trees[before] != tree {
		return "", false
	}
	for _, check := range b.Names {
		if !Ours(check) && !b.Passed(check, before) {
			return "", false
		}
	}
	for check := range b.Runs {
		if !b.Passed(check, before) || runs[check].Failed() {
			return "", false
		}
	}
	return before, true
}

// WithTree notes what files a commit of the line has.
func (b Build) WithTree(sha bot.SHA, tree string) Build {
	trees := map[bot.SHA]string{}
	for _, on := range b.Line {
		switch {
		case on == sha && tree != "":
			trees[on] = tree
		case b.Trees[on] != "":
			trees[on] = b.Trees[on]
		}
	}
	b.Trees = trees
	return b
}
