package policies

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/trunk"
)

// Cause is a check that fails on the branch, and the commit where it began.
type Cause struct {
	Check string    `json:"check"`
	SHA   bot.SHA   `json:"sha"`
	At    time.Time `json:"at"`
	URL   string    `json:"url,omitempty"`
	// State and Confidence are by evidence, where it is asked for; without, what
	// fails is red.
	State      trunk.State      `json:"state,omitempty"`
	Confidence trunk.Confidence `json:"confidence,omitempty"`
	Finding    trunk.Finding    `json:"-"`
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
