package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Script is a history before it is played: what people do and when, and what
// goes wrong. Who goes on when several could is drawn from the seed.
type Script struct {
	Seed  uint64
	Lines []Line
}

// Line is an act or a fault.
type Line struct {
	N     int // its place in the seed's whole script, from 1
	Act   *Act
	Fault *Fault
}

// Act is something that somebody does.
type Act struct {
	At     time.Duration // after the beginning
	Do     string        // a verb of act.go
	Who    string
	Change int    // 0: none
	Text   string // what is written, or the name of a check
}

// Fault is something that goes wrong. Of a kind that happens to a replica At
// counts the steps it made, of one that happens on the line the requests, and
// of one that happens to webhooks those that were sent. One that is aimed, At
// what a door says, meets whichever replica comes there.
type Fault struct {
	Kind    string
	Replica int    // 0: of no replica, or of any
	Aim     string // part of what a door says; empty: any
	At      int
	For     time.Duration
	Then    bool // doors are counted from where the aimed one before it in the script was met
}

// Kinds of faults.
const (
	crash  = "crash"  // the replica is gone, and is back after a while
	stall  = "stall"  // it stands still
	dbLost = "dblost" // the database does what was asked, and its answer is lost
	dbAway = "dbaway" // the database does not

	refuse = "refuse" // 502 or 503, and nothing was done
	lose   = "lose"   // it was done, and the answer is lost
	limit  = "limit"  // 403 or 429: come again later
	slow   = "slow"   // the answer takes long

	lost  = "lost"  // the webhook does not come; somebody sends it again after a while, or nobody does
	twice = "twice" // it comes once more
	late  = "late"  // it takes long
)

// String is the line as it is printed.
func (l Line) String() string {
	if l.Act != nil {
		return fmt.Sprintf("%3d  %s", l.N, l.Act)
	}
	return fmt.Sprintf("%3d  %s", l.N, l.Fault)
}

// String says what is done.
func (a Act) String() string {
	said := fmt.Sprintf("%7s  %s %s", a.At, a.Who, a.Do)
	if a.Change > 0 {
		said += fmt.Sprintf(" #%d", a.Change)
	}
	return strings.TrimSpace(said + " " + a.Text)
}

// String says what goes wrong.
func (f Fault) String() string {
	then := map[bool]string{true: "then "}[f.Then]
	switch who := fmt.Sprintf("%swhoever comes to door %d of %q", then, f.At, f.Aim); {
	case f.Aim == "":
	case f.Kind == crash:
		return fmt.Sprintf("%s is killed there, and back after %s", who, f.For)
	case f.Kind == stall:
		return fmt.Sprintf("%s stands still there for %s", who, f.For)
	default:
		return fmt.Sprintf("%s meets there: %s (%s)", who, f.Kind, f.For)
	}
	switch f.Kind {
	case crash:
		return fmt.Sprintf("replica %d is killed at its door %d, and back after %s", f.Replica, f.At, f.For)
	case stall:
		return fmt.Sprintf("replica %d stands still at its door %d for %s", f.Replica, f.At, f.For)
	case dbLost:
		return fmt.Sprintf("replica %d loses the database's answer at its door %d", f.Replica, f.At)
	case dbAway:
		return fmt.Sprintf("replica %d does not reach the database at its door %d", f.Replica, f.At)
	case lost:
		if f.For == 0 {
			return fmt.Sprintf("webhook %d does not come", f.At)
		}
		return fmt.Sprintf("webhook %d does not come, and somebody sends it again after %s", f.At, f.For)
	case late, twice:
		return fmt.Sprintf("webhook %d is %s (%s)", f.At, f.Kind, f.For)
	}
	return fmt.Sprintf("request %d: %s (%s)", f.At, f.Kind, f.For)
}

// Only keeps lines by their numbers.
func (s Script) Only(numbers map[int]bool) Script {
	kept := Script{Seed: s.Seed}
	for _, l := range s.Lines {
		if numbers[l.N] {
			kept.Lines = append(kept.Lines, l)
		}
	}
	return kept
}

// chance is one of the seed's streams: what is drawn from one does not move
// another.
func chance(seed uint64, stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, stream))
}
