package bot

import (
	"errors"
	"fmt"
	"time"
)

// Five kinds of errors matter. Every other error is retried with backoff.

// Permanent says that trying again cannot help.
type Permanent struct{ Err error }

func (e Permanent) Error() string { return e.Err.Error() }
func (e Permanent) Unwrap() error { return e.Err }

// RetryAfter says that the other side asked us to wait.
type RetryAfter struct {
	After time.Duration
	Err   error
}

func (e RetryAfter) Error() string {
	return fmt.Sprintf("%v (asked to wait %v)", e.Err, e.After)
}
func (e RetryAfter) Unwrap() error { return e.Err }

// Away says that somebody we depend on does not answer, or asks us to wait.
// People are told who it is while we try again.
type Away struct {
	Who string // for people: "GitHub"
	Err error
}

func (e Away) Error() string { return e.Err.Error() }
func (e Away) Unwrap() error { return e.Err }

// Doubtful says that an order may or may not have taken place and that nobody
// we can ask knows: a named person decides.
type Doubtful struct{ Err error }

func (e Doubtful) Error() string { return e.Err.Error() }
func (e Doubtful) Unwrap() error { return e.Err }

// Refusal is the one error that people read. Message says what happened, with
// the number and the rule; Advice says what to do next, with a line to paste.
// Puzzled is no answer to what was asked: somebody else has to ask it, or it
// has to be said more exactly.
type Refusal struct {
	Message string `json:"message"`
	Advice  string `json:"advice,omitempty"`
	Puzzled bool   `json:"puzzled,omitempty"`
}

func (e Refusal) Error() string { return e.Message }

// ErrConflict says that a document changed between look and save, or that a
// claim is held by another document: the delivery is handled again from the
// start.
var ErrConflict = errors.New("somebody else saved first")

// ErrNotFound says that what was asked for does not exist.
var ErrNotFound = errors.New("not found")

// ErrBusy says that too much waits already; it is to come again in a moment.
var ErrBusy = errors.New("too much waits to be stored")

// What may be wrong with a delivery before anything looks into it.
var (
	// ErrSignature says that who signed it does not know our secret.
	ErrSignature = errors.New("the signature does not fit")
	// ErrTooLarge says that it is larger than what we read.
	ErrTooLarge = errors.New("the body is too large")
)
