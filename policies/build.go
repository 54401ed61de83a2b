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
	broke, healed = b.Health == Red && was != Red, b.Health != Red && was == Red
	switch {
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
