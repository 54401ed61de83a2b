package words

import (
	"fmt"
	"strings"
)

// Culprit is how sure it is with which commit a branch broke. Who wrote it is
// named only where runs show that the branch broke with it.
type Culprit struct {
	Sure     Sureness
	After    string // the newest before it that passed, short; empty: none is known
	Failures int    // there, in a row
	Several  bool   // commits came with it, or it is not known that none did
	Reason   string // why nothing more is known, in words that end a sentence; empty: there is no such
}

// Sureness that a branch broke with a commit.
type Sureness string

// What runs show of a commit; without them it is only where a failure was seen first.
const (
	Unsure  Sureness = ""
	Likely  Sureness = "likely"
	Certain Sureness = "certain"
)

// broke says with what the branch broke, as far as that is shown.
func (i Incident) broke() string {
	c := i.Culprit
	with := "a direct push"
	if !i.Change.IsZero() {
		with = fmt.Sprintf("#%d %s", i.Change.Number, Slack(i.Title))
		if c.Sure != Unsure && !c.Several {
			with += " by " + Slack(string(i.Author))
		}
	}
	times := fmt.Sprintf("it failed there %d times", c.Failures)
	switch {
	case c.Sure == Certain:
		return fmt.Sprintf("It broke with %s, that is certain: %s, and %s, its parent, passes.", with, times, Slack(c.After))
	case c.Sure == Likely && c.Several:
		return fmt.Sprintf("It broke, likely, with the push after %s that ends with %s: %s.", Slack(c.After), with, times)
	case c.Sure == Likely:
		return fmt.Sprintf("It broke, likely, with %s: %s.", with, times)
	case c.Reason != "":
		return fmt.Sprintf("It was seen first with %s, and whether that did it is not known: %s.", with, Slack(c.Reason))
	}
	return fmt.Sprintf("It was seen first with %s; whether that did it is not known.", with)
}

// Unheard is why a failure counts though it was not seen to be repeated: the check
// cannot be run again, or a run that was asked for never reported.
func Unheard(check, barred string, silent bool) string {
	switch {
	case barred != "":
		return fmt.Sprintf("%s cannot be run again (%s), so its first failure counts", check, strings.TrimSuffix(barred, "."))
	case silent:
		return fmt.Sprintf("%s was asked to run again and never reported, so its first failure counts", check)
	}
	return ""
}
