// Package trunk tells of a branch's check whether what fails is broken, a
// flake or the world, and which commit did it. It is pure: what ran in, what is
// known and what should be run next out.
package trunk

import "time"

// State of a branch by one check, or by all that decide.
type State string

// States. No evidence is Unknown, and never Green.
const (
	Unknown     State = "unknown"
	Green       State = "green"
	Suspect     State = "suspect"     // it failed, and may be a flake: merges wait while runs decide
	Released    State = "released"    // the wait is over, and the runs did not decide: nothing waits, and the next failure counts
	Red         State = "red"         // broken
	Environment State = "environment" // what passed before fails now as well: the world broke, and no commit did
)

// Confidence in the commit that a Finding names.
type Confidence string

// Confidences. Nobody is named who is merely among Suspects; a way back is
// opened only where it is Certain.
const (
	Nobody   Confidence = ""
	Suspects Confidence = "suspects" // it is one of several
	Likely   Confidence = "likely"   // its push alone can have done it, and it failed again
	Certain  Confidence = "certain"  // it alone came with that, by chance it would hardly have failed, and its parent passed beside it
)

// Settings of the evidence that is asked for.
type Settings struct {
	WrongRed float64       `json:"wrong_red"` // accepted chance that a flake is taken for broken
	Repeats  int           `json:"repeats"`   // failures after the first that confirm it; 0: by WrongRed and how flaky the check is
	MaxWait  time.Duration `json:"max_wait"`  // so long merges wait for the evidence, from the first failure; twice as long where the world broke meanwhile
	Control  bool          `json:"control"`   // whether the commit before is run again as well
	Reruns   int           `json:"reruns"`    // at most so many of one commit
}

// Defaults of the evidence.
func Defaults() Settings {
	return Settings{WrongRed: 0.001, MaxWait: 10 * time.Minute, Control: true, Reruns: 8}
}

// Finding is what a check's History tells.
type Finding struct {
	State State
	// First is the oldest commit of those that fail in a row up to the newest
	// that ran, Last the newest before it that ever passed: places on the line.
	// -1: none. They are the same where a commit fails that passed before.
	First, Last int
	Since       time.Time // when the first failure was told: the clock's zero
	Failures    int       // in a row that count
	Chance      float64   // that so many failures are all flakes
	Confirmed   bool      // by repeats, and not by having waited too long
	Silent      bool      // a run that was asked for never reported
	Barred      bool      // the commit cannot be run again, so that its first failure counts
	Confidence  Confidence
	Wants       []Want
	Until       time.Time // when this must be judged anew though nothing ran; zero: never
	Late        time.Time // from when on it is decided by what there is
}

// Blamed counts the heads of pushes that can have done it.
func (f Finding) Blamed() int {
	if f.First < 0 {
		return 0
	}
	return f.First - f.Last
}

// Want is a run that would tell more.
type Want struct {
	Commit int // place on the line
	Why    Why
}

// Why a run is wanted.
type Why string

// What a run is for.
const (
	Again  Why = "again"  // does it fail again?
	Beside Why = "beside" // does what passed before still pass?
	Within Why = "within" // on which side of this commit did it break?
)

// Holds reports whether merges wait.
func (s State) Holds() bool { return s == Suspect || s == Red }
