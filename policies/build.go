package policies

import (
	"cmp"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Health of a branch.
type Health string

// Healths. Unknown is neither: no evidence never counts as green.
const (
	Unknown Health = "unknown"
	Green   Health = "green"
	Red     Health = "red"
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
	Names     []string           `json:"names,omitempty"` // required checks, as read
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
func Turn(b Build, run bot.CheckRun, now time.Time) (after Build, broke, healed bool) {
	b.Runs = b.with(run)
	if !run.Completed.IsZero() {
		now = run.Completed
	}
	return Reconsider(b, now)
}

// Reconsider says anew how a branch is, after its line, its runs or what
// decides changed. Red ends only when each cause is shown to pass or decides
// no more.
func Reconsider(b Build, now time.Time) (after Build, broke, healed bool) {
	was := b.Health
	b.Causes = b.causes()
	switch {
	case len(b.Causes) > 0:
		b.Health = Red
	case b.proven():
		b.Health = Green
	default:
		b.Health = Unknown
	}
	broke, healed = b.Health == Red && was != Red, b.Health != Red && was == Red
	switch {
	case b.Health == Red:
		b.Since = b.Causes[0].At
	case b.Health != was && now.After(b.Since):
		b.Since = now
	}
	if broke {
		b.Number++
		b.Claimed, b.ClaimedAt, b.Revert = bot.Person{}, time.Time{}, nil
	}
	return b, broke, healed
}

// Unwatched is the build of a branch that nobody asks to be green any more.
// What was red is so no longer, nor is it green: when the branch is watched
// again its next checks tell, for we hear none meanwhile.
func (b Build) Unwatched(now time.Time) Build {
	b.Health, b.Since = Unknown, now
	b.Runs, b.Causes, b.Revert = nil, nil, nil
	b.Claimed, b.ClaimedAt = bot.Person{}, time.Time{}
	return b
}

// with adds a run, in its place: by commit, then by age. What is not on the
// line says nothing of the branch.
func (b Build) with(run bot.CheckRun) map[string][]bot.CheckRun {
	if !slices.Contains(b.Line, run.SHA) {
		return b.Runs
	}
	runs := slices.Clone(b.Runs[run.Name])
	i := slices.IndexFunc(runs, func(r bot.CheckRun) bool { return r.App == run.App && r.ID == run.ID && r.SHA == run.SHA })
	switch {
	case i < 0:
		runs = append(runs, run)
	case run.Supersedes(runs[i]):
		runs[i] = run
	}
	slices.SortFunc(runs, func(x, y bot.CheckRun) int {
		return cmp.Or(slices.Index(b.Line, x.SHA)-slices.Index(b.Line, y.SHA), byAge(x, y), cmp.Compare(x.App, y.App))
	})
	joined := map[string][]bot.CheckRun{run.Name: runs}
	for name, of := range b.Runs {
		if name != run.Name {
			joined[name] = of
		}
	}
	return joined
}

// Heard reports whether what a check said of a commit is known of the branch.
func (b Build) Heard(check string, sha bot.SHA) bool {
	return slices.ContainsFunc(b.Runs[check], func(r bot.CheckRun) bool { return r.SHA == sha && r.Concluded() })
}

func byAge(x, y bot.CheckRun) int {
	switch {
	case x.NewerThan(y):
		return 1
	case y.NewerThan(x):
		return -1
	}
	return 0
}
