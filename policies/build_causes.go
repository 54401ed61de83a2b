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
	After      bot.SHA          `json:"after,omitempty"`    // the newest before it on the line that passed
	Steps      int              `json:"steps,omitempty"`    // from that to SHA; 0: not known
	Failures   int              `json:"failures,omitempty"` // in a row that count
	Silent     bool             `json:"silent,omitempty"`   // a run that was asked for never reported
	Barred     string           `json:"barred,omitempty"`   // why its commit cannot be run again
	Finding    trunk.Finding    `json:"-"`
}

// plain is a cause without evidence.
func (c Cause) plain() Cause { return Cause{Check: c.Check, SHA: c.SHA, At: c.At, URL: c.URL} }

// causes are the checks whose newest verdict is a failure, each since the
// first of its failures in a row; the longest red first.
func (b Build) causes() []Cause {
	var causes []Cause
	for check := range b.Runs {
		if c, failing := firstFailure(check, b.deciding(check), b.lost(check)); failing {
			causes = append(causes, c)
		}
	}
	for _, c := range b.Causes {
		if _, known := b.Runs[c.Check]; !known {
			causes = append(causes, c.plain())
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
		c, failing = since.plain(), true
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
	for check := range b.Runs {
		if !lastSaid(b.deciding(check)).Passed() {
			return false
		}
	}
	return len(b.Runs) > 0
}

// suspected reports whether all that fails may be a flake still.
func (b Build) suspected() bool {
	return len(b.Causes) > 0 && !slices.ContainsFunc(b.Causes, func(c Cause) bool { return c.State != trunk.Suspect })
}

// Why says in a few words what fails.
func (b Build) Why() string {
	var parts []string
	for _, c := range b.Causes {
		parts = append(parts, fmt.Sprintf("%s fails since %s", c.Check, c.SHA.Short()))
	}
	return strings.Join(parts, ", ")
}
