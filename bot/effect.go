package bot

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Effect says "make it so". Of the waiting effects of one kind and key the
// newest wins, and carrying one out again is harmless.
type Effect interface {
	Kind() string
	Key() string
}

// Order says "do it once". After a crash it is confirmed before it is tried
// again; if nobody can confirm it, it is doubtful and a person decides.
type Order interface {
	Effect
	OrderID() string
}

// Grouped effects of one group are carried out in the order in which they
// were asked for. Others are in a group with their kind and key.
type Grouped interface{ Group() string }

// Replacing effects take the place of all that still waits in their group:
// going back does not queue behind what it undoes.
type Replacing interface{ Replaces() }

// Anew says what is carried out once more where an effect of a kind may have
// been carried out beside another of the same thing, by somebody who did not
// know yet that it was no longer theirs.
type Anew int

// What is carried out once more.
const (
	NewestOfKey   Anew = iota // the newest of its kind and key
	NewestOfGroup             // the newest of its kind and group: they are states of one thing, each under a key of its own
	NewestIfLast              // the newest of its kind and key, unless something of its group came after it: the thing would go back
	Nothing                   // it can be found by nobody, or is there once however often it is made
)

// AnewOf is a kind's.
func AnewOf(kind string) Anew {
	for _, e := range effects() {
		if a, ok := e.(interface{ Anew() Anew }); ok && e.Kind() == kind {
			return a.Anew()
		}
	}
	return NewestOfKey
}

// Settling effects tell how they ended, as an event.
type Settling interface {
	Settled(outcome Outcome, detail string) Event
}

// Outcome is how an effect ended.
type Outcome string

// Outcomes.
const (
	Done     Outcome = "done"
	Failed   Outcome = "failed"   // it cannot be done
	InDoubt  Outcome = "doubtful" // nobody knows whether it was done
	HeldBack Outcome = "held"     // recorded, not done: we only observe
)

// Receipt is what a performer wants to know when the same thing is touched
// again: the id of a comment, the timestamp of a message.
type Receipt struct {
	ID   string `json:"id,omitempty"`
	More string `json:"more,omitempty"`
	URL  string `json:"url,omitempty"`
	// Twice says why something of ours stands beside it that was to be taken
	// away; empty: nothing does.
	Twice string `json:"twice,omitempty"`
}

// effects lists every effect, so that what was saved can be read again.
func effects() []Effect {
	return []Effect{
		SetCheck{}, KeepComment{}, React{}, MirrorRollout{}, OpenRevert{}, RunAgain{},
		KeepMessage{}, Whisper{},
		StartStage{}, SetWeight{}, FinishStage{}, AbortStage{},
	}
}

// Replaces reports whether effects of a kind are Replacing.
func Replaces(kind string) bool {
	for _, e := range effects() {
		if _, ok := e.(Replacing); ok && e.Kind() == kind {
			return true
		}
	}
	return false
}

// DecodeEffect reads an effect of a kind as it was saved.
func DecodeEffect(kind string, body []byte) (Effect, error) {
	for _, e := range effects() {
		if e.Kind() != kind {
			continue
		}
		p := reflect.New(reflect.TypeOf(e))
		if err := json.Unmarshal(body, p.Interface()); err != nil {
			return nil, fmt.Errorf("decode effect %s: %w", kind, err)
		}
		return p.Elem().Interface().(Effect), nil
	}
	return nil, fmt.Errorf("decode effect: no effect of kind %q", kind)
}
