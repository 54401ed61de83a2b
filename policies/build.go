package policies

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
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

// Cause is a check that fails on the branch, and the commit where it began.
type Cause struct {
	Check string    `json:"check"`
	SHA   bot.SHA   `json:"sha"`
	At    time.Time `json:"at"`
	URL   string    `json:"url,omitempty"`
}

// Remember so many commits of a branch.
const keepLine = 50

// BuildKey is where a branch's build is kept.
func BuildKey(repo bot.RepoRef, branch string) string { return "build/" + repo.Key() + "/" + branch }

// DocKey is where the build is kept.
func (b Build) DocKey() string { return BuildKey(b.Repo, b.Branch) }

// Pushed puts a new head, and what was the head before, at the end of the
// branch's line. A forced push back to a commit of the line makes it the head
// again; any other begins a new line, on which what was red must be shown to
// pass anew.
func (b Build) Pushed(before, head bot.SHA, forced bool) Build {
	i := slices.Index(b.Line, head)
	if forced {
		b.Left = append(slices.Clone(b.Left), b.Line[i+1:]...)
	}
	b.Left = slices.DeleteFunc(slices.Clone(b.Left), func(sha bot.SHA) bool { return sha == head })
	b.Left = b.Left[max(0, len(b.Left)-keepLine):]
	switch {
	case forced && i >= 0:
		b.Line = b.Line[:i+1]
	case forced:
		b.Line = []bot.SHA{head}
	case i < 0:
		b.Line = slices.Clone(b.Line)
		if isCommit(before) && !slices.Contains(b.Line, before) {
			b.Line = append(b.Line, before)
		}
		b.Line = append(b.Line, head)
		b.Line = b.Line[max(0, len(b.Line)-keepLine):]
	}
	return b.only(func(_ string, run bot.CheckRun) bool { return slices.Contains(b.Line, run.SHA) })
}

// Continues reports whether a push follows on what is known, or brings nothing
// new. One that was forced, that begins elsewhere, or that brings back what a
// forced push took off may be an old one, told again.
func (b Build) Continues(before, head bot.SHA, forced bool) bool {
	switch {
	case forced:
		return false
	case slices.Contains(b.Line, head), len(b.Line) == 0:
		return true
	}
	return b.Line[len(b.Line)-1] == before && !slices.Contains(b.Left, head)
}

// isCommit: GitHub writes that there was none as zeros.
func isCommit(sha bot.SHA) bool { return strings.Trim(string(sha), "0") != "" }

// only keeps some runs.
func (b Build) only(wanted func(check string, run bot.CheckRun) bool) Build {
	kept := map[string][]bot.CheckRun{}
	for check, runs := range b.Runs {
		for _, run := range runs {
			if wanted(check, run) {
				kept[check] = append(kept[check], run)
			}
		}
	}
	b.Runs = kept
	return b
}

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

func byAge(x, y bot.CheckRun) int {
	switch {
	case x.NewerThan(y):
		return 1
	case y.NewerThan(x):
		return -1
	}
	return 0
}

// causes are the checks whose newest verdict is a failure, each since the
// first of its failures in a row; the longest red first.
func (b Build) causes() []Cause {
	var causes []Cause
	for check, runs := range b.Runs {
		if c, failing := firstFailure(check, runs, b.lost(check)); failing {
			causes = append(causes, c)
		}
	}
	for _, c := range b.Causes {
		if _, known := b.Runs[c.Check]; !known {
			causes = append(causes, c)
		}
	}
	slices.SortFunc(causes, func(x, y Cause) int {
		return cmp.Or(x.At.Compare(y.At), strings.Compare(x.Check, y.Check))
	})
	return causes
}

// lost is a known cause whose commit is on the line no more.
func (b Build) lost(check string) *Cause {
	i := slices.IndexFunc(b.Causes, func(c Cause) bool { return c.Check == check && !slices.Contains(b.Line, c.SHA) })
	if i < 0 {
		return nil
	}
	return &b.Causes[i]
}

// firstFailure of those in a row up to the newest verdict; what was known
// before the oldest run still counts.
func firstFailure(check string, runs []bot.CheckRun, since *Cause) (c Cause, failing bool) {
	if since != nil {
		c, failing = *since, true
	}
	for _, run := range runs {
		switch {
		case run.Passed():
			failing = false
		case run.Failed() && !failing:
			c, failing = Cause{Check: check, SHA: run.SHA, At: run.Completed, URL: run.URL}, true
			if c.At.IsZero() {
				c.At = run.Started
			}
		}
	}
	return c, failing
}

// learned: a required check that was never seen on so many commits does not
// run on this branch, and is not waited for.
const learned = 20

// proven reports whether each check that decides has a newest verdict and it
// is a pass. One that is required and was never seen may still come.
func (b Build) proven() bool {
	for _, check := range b.Names {
		if _, seen := b.Runs[check]; !seen && !Ours(check) && len(b.Line) < learned {
			return false
		}
	}
	for _, runs := range b.Runs {
		i := len(runs) - 1
		for i >= 0 && !runs[i].Concluded() {
			i--
		}
		if i < 0 || !runs[i].Passed() {
			return false
		}
	}
	return len(b.Runs) > 0
}

// Why says in a few words what fails.
func (b Build) Why() string {
	var parts []string
	for _, c := range b.Causes {
		parts = append(parts, fmt.Sprintf("%s fails since %s", c.Check, c.SHA.Short()))
	}
	return strings.Join(parts, ", ")
}
