package policies

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

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
	Line   []bot.SHA                 `json:"line"` // the branch's commits as pushed, oldest first
	Runs   map[string][]bot.CheckRun `json:"runs"` // by check, the newest of each commit on the line
	Health Health                    `json:"health"`
	Causes []Cause                   `json:"causes,omitempty"` // why it is red
	Since  time.Time                 `json:"since,omitzero"`   // of this health
	Number int                       `json:"number"`           // of incidents so far
	Shas   map[bot.SHA]int           `json:"shas,omitempty"`   // the change that a commit came from
	Names  []string                  `json:"names,omitempty"`  // required checks, as read
	Read   time.Time                 `json:"read,omitzero"`    // when they were
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

// Watched reports whether the settings ask for the branch to be green.
func (s GreenSettings) Watched(branch string) bool {
	return s.Mode != Off && slices.ContainsFunc(s.Branches, func(glob string) bool { return match(glob, branch) })
}

// Decides reports whether a check decides about the branch.
func (s GreenSettings) Decides(required []string, check string) bool {
	if s.Required {
		return slices.Contains(required, check)
	}
	return slices.ContainsFunc(s.Checks, func(glob string) bool { return match(glob, check) })
}

func match(glob, name string) bool {
	ok, err := doublestar.Match(glob, name)
	return err == nil && ok || glob == name
}

// Pushed puts a new head at the end of the branch's line. A forced push
// begins a new line: what was known of commits that are gone no longer counts.
func (b Build) Pushed(head bot.SHA, forced bool) Build {
	if forced {
		b.Line, b.Runs = nil, nil
	}
	if slices.Contains(b.Line, head) {
		return b
	}
	b.Line = append(slices.Clone(b.Line), head)
	if len(b.Line) > keepLine {
		b.Line = b.Line[len(b.Line)-keepLine:]
	}
	return b
}

// Turn is what a reported check means for a branch: the build after it, and
// whether the branch broke or healed. A run that is older than what is known
// changes nothing, so that any order of arrival ends the same.
func Turn(b Build, run bot.CheckRun, now time.Time) (after Build, broke, healed bool) {
	b.Runs = join(b.Runs, run)
	causes := b.failing()
	was := b.Health
	switch {
	case len(causes) > 0:
		b.Health = Red
	case b.proven():
		b.Health = Green
	case was == Red:
		return b, false, false // red stays red until each cause is shown to pass
	default:
		b.Health = Unknown
	}
	b.Causes = keepFirst(b.Causes, causes)
	if b.Health != was {
		b.Since = now
	}
	if b.Health == Red && was != Red {
		b.Number++
		b.Since = b.Causes[0].At
	}
	return b, b.Health == Red && was != Red, b.Health == Green && was == Red
}

// join adds a run unless a newer one of its check and commit is known.
func join(runs map[string][]bot.CheckRun, run bot.CheckRun) map[string][]bot.CheckRun {
	joined := map[string][]bot.CheckRun{}
	for name, of := range runs {
		joined[name] = slices.Clone(of)
	}
	of := joined[run.Name]
	i := slices.IndexFunc(of, func(r bot.CheckRun) bool { return r.SHA == run.SHA })
	switch {
	case i < 0:
		of = append(of, run)
	case run.NewerThan(of[i]):
		// A rerun of a failure keeps it red until it concludes.
		if run.Status != bot.Completed && of[i].Failed() {
			return joined
		}
		of[i] = run
	}
	joined[run.Name] = of
	return joined
}

// conclusive is the run of a check on the newest commit of the line where it
// passed or failed.
func (b Build) conclusive(check string) (bot.CheckRun, bool) {
	for i := len(b.Line) - 1; i >= 0; i-- {
		for _, run := range b.Runs[check] {
			if run.SHA == b.Line[i] && (run.Passed() || run.Failed()) {
				return run, true
			}
		}
	}
	return bot.CheckRun{}, false
}

func (b Build) failing() []Cause {
	var causes []Cause
	for check := range b.Runs {
		if run, ok := b.conclusive(check); ok && run.Failed() {
			causes = append(causes, Cause{Check: check, SHA: run.SHA, At: run.Completed, URL: run.URL})
		}
	}
	slices.SortFunc(causes, func(x, y Cause) int {
		if c := x.At.Compare(y.At); c != 0 {
			return c
		}
		return strings.Compare(x.Check, y.Check)
	})
	return causes
}

// proven reports whether every check we know of has a newest verdict and it
// is a pass.
func (b Build) proven() bool {
	for check := range b.Runs {
		if run, ok := b.conclusive(check); !ok || !run.Passed() {
			return false
		}
	}
	return len(b.Runs) > 0
}

// keepFirst keeps where a cause was first seen.
func keepFirst(old, now []Cause) []Cause {
	kept := slices.Clone(now)
	for i, c := range kept {
		for _, o := range old {
			if o.Check == c.Check {
				kept[i] = o
			}
		}
	}
	return kept
}

// Why says in a few words what fails.
func (b Build) Why() string {
	var parts []string
	for _, c := range b.Causes {
		parts = append(parts, fmt.Sprintf("%s fails since %s", c.Check, c.SHA.Short()))
	}
	return strings.Join(parts, ", ")
}
