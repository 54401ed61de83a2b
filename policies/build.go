package policies

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// Health of a branch.
type Health string

// Healths. Unknown is neither: no evidence never counts as green.
const (
	Unknown Health = "unknown"
	Green   Health = "green"
	Red     Health = "red"
	// Something failed, and runs that were asked for decide: merges wait.
	Suspect Health = "suspect"
	// They did not decide in time: nothing waits, and the next failure counts.
	Undecided Health = "released"
	// What passed before fails now as well: no commit did it.
	Environment Health = "environment"
)

// Build is what we know of a branch's checks, as a document.
type Build struct {
	bot.Version
	Repo   bot.RepoRef               `json:"repo"`
	Branch string                    `json:"branch"`
	Line   []bot.SHA                 `json:"line"`           // the branch's commits as pushed, oldest first
	Left   []bot.SHA                 `json:"left,omitempty"` // commits that forced pushes took off it
	Runs   map[string][]bot.CheckRun `json:"runs"`           // by check, on commits of the line, oldest first
	Health Health                    `json:"health"`
	Causes []Cause                   `json:"causes,omitempty"` // why it is red
	Since  time.Time                 `json:"since,omitzero"`   // of this health
	Number int                       `json:"number"`           // of incidents so far
	// Claimed is who takes care of it, while it is red.
	Claimed   bot.Person         `json:"claimed,omitzero"`
	ClaimedAt time.Time          `json:"claimed_at,omitzero"`
	Revert    *Revert            `json:"revert,omitempty"`
	Shas      map[bot.SHA]int    `json:"shas,omitempty"`  // the change that a commit came from
	Trees     map[bot.SHA]string `json:"trees,omitempty"` // the files of commits on the line, by git's name
	Steps     map[bot.SHA]int    `json:"steps,omitempty"` // from the commit before on the line to one; 1: that is its parent. Of others it is not known
	Names     []string           `json:"names,omitempty"` // required checks, as read
	Asked     []Asked            `json:"asked,omitempty"` // runs that we asked for
	Past      map[string]Past    `json:"past,omitempty"`  // how flaky checks were, by name
	Read      time.Time          `json:"read,omitzero"`   // when they were
}

// Remember so many commits of a branch.
const keepLine = 50

// BuildKey is where a branch's build is kept.
func BuildKey(repo bot.RepoRef, branch string) string { return "build/" + repo.Key() + "/" + branch }

// DocKey is where the build is kept.
func (b Build) DocKey() string { return BuildKey(b.Repo, b.Branch) }

// Turn is what a reported check means for a branch: the build after it, and
// whether the branch broke or healed. Runs are only ever added to what is
// known, so any order of arrival ends the same.
func Turn(b Build, s GreenSettings, run bot.CheckRun, now time.Time) (after Build, broke, healed bool) {
	b.Runs = b.with(run)
	at := now
	if !run.Completed.IsZero() {
		at = run.Completed
	}
	return b.reconsider(s, at, now)
}

// Reconsider says anew how a branch is, after its line, its runs, what decides
// or the time changed. Red ends only when each cause is shown to pass or decides
// no more.
func Reconsider(b Build, s GreenSettings, now time.Time) (after Build, broke, healed bool) {
	return b.reconsider(s, now, now)
}

// reconsider at a moment what came about at another.
func (b Build) reconsider(s GreenSettings, at, now time.Time) (after Build, broke, healed bool) {
	was := b.Health
	if e := s.evidence(); e != nil {
		b.Causes = b.evidence(*e, now)
	} else {
		b.Causes = b.causes()
	}
	b.Health = b.health()
	since := b.Since
	if was == Red && b.Health == Suspect { // what may be broken still is part of it
		b.Health = Red
	}
	broke, healed = b.Health == Red && was != Red, b.Health != Red && was == Red
	switch {
	case len(b.Causes) > 0 && was == Red && b.Causes[0].State == trunk.Suspect:
		b.Since = since
	case len(b.Causes) > 0:
		b.Since = b.Causes[0].At
	case b.Health != was && at.After(b.Since):
		b.Since = at
	}
	if broke {
		b.Number++
		b.Claimed, b.ClaimedAt, b.Revert = bot.Person{}, time.Time{}, nil
	}
	return b, broke, healed
}

// health by what is wrong, the most pressing first.
func (b Build) health() Health {
	switch {
	case len(b.Causes) > 0 && b.Causes[0].State != "":
		return Health(b.Causes[0].State)
	case len(b.Causes) > 0:
		return Red
	case b.proven():
		return Green
	}
	return Unknown
}

// Holds reports whether merges into the branch wait.
func (b Build) Holds() bool { return b.Health == Red || b.Health == Suspect }

// Unwatched is the build of a branch that nobody asks to be green any more.
// What was red is so no longer, nor is it green: when the branch is watched
// again its next checks tell, for we hear none meanwhile.
func (b Build) Unwatched(now time.Time) Build {
	b.Health, b.Since = Unknown, now
	b.Runs, b.Causes, b.Revert, b.Asked = nil, nil, nil, nil
	b.Claimed, b.ClaimedAt = bot.Person{}, time.Time{}
	return b
}

// Heard reports whether what a check said of a commit is known of the branch.
func (b Build) Heard(check string, sha bot.SHA) bool {
	return slices.ContainsFunc(b.Runs[check], func(r bot.CheckRun) bool { return r.SHA == sha && r.Concluded() })
}
