package bot

import (
	"encoding/json"
	"fmt"
	"time"
)

// Operator is who presses a button of the bot's own pages, which ask nobody
// who they are.
const Operator = "the operator, at the admin address"

// CanTryAgain reports whether a delivery can be handled now because the
// operator says so: it waits for another try, or was given up. What GitHub has
// no body of cannot.
func (l Letter) CanTryAgain(now time.Time) bool {
	switch l.State {
	case LetterReady:
		return l.Attempts > 0 && l.RetryAt.After(now)
	case LetterFailed:
		return l.Source != "missed"
	}
	return false
}

// Again is the state from which a delivery that was given up is tried again:
// one that could not be opened is opened first.
func (l Letter) Again() string {
	if l.Kind == "" || l.Kind == unknownKind {
		return LetterNew
	}
	return LetterReady
}

// CanTryAgain reports whether an effect can be carried out now because the
// operator says so: it waits for another try, or failed and told nobody. Who
// was told that it failed went on without it: nobody would watch what it does.
func (t Task) CanTryAgain(now time.Time) bool {
	switch t.State {
	case TaskWaiting:
		return t.Attempts > 0 && t.Due.After(now)
	case TaskFailed:
		e, err := DecodeEffect(t.Kind, t.Body)
		_, tells := e.(Settling)
		return err == nil && !t.Order && !tells
	}
	return false
}

// PressedLetter is the fact that the operator had a delivery tried again.
func PressedLetter(l Letter) Fact {
	return pressed("operator.tried_again", repoIn(l.Event), "delivery "+l.ID, fmt.Sprintf("in/%d/%d", l.Seq, l.Attempts), l.State)
}

// PressedTask is the fact that the operator had an effect tried again.
func PressedTask(t Task) Fact {
	return pressed("operator.tried_again", repoIn(t.Body), t.Kind+" "+t.Key, fmt.Sprintf("out/%d/%d", t.Seq, t.Attempts), t.State)
}

// Decided is the fact that the operator said whether an order in doubt took
// place.
func Decided(t Task, said string) Fact {
	return pressed("operator.decided", repoIn(t.Body), t.Kind+" "+t.Key, fmt.Sprintf("out/%d/%d", t.Seq, t.Attempts), said)
}

func pressed(kind string, repo RepoRef, subject, row, was string) Fact {
	f := NewFact(kind, repo, subject, time.Time{}, map[string]string{"was": was})
	f.By, f.Cause = Operator, "press/"+row
	return f
}

// repoIn is the repository that an effect or an event is about; zero: it
// names none.
func repoIn(body []byte) RepoRef {
	var in struct {
		Repo RepoRef `json:"repo"`
		Ref  struct {
			Repo RepoRef `json:"repo"`
		} `json:"ref"`
		Order struct {
			Repo RepoRef `json:"repo"`
		} `json:"order"`
		Change struct {
			Ref struct {
				Repo RepoRef `json:"repo"`
			} `json:"ref"`
		} `json:"change"`
	}
	_ = json.Unmarshal(body, &in) // what cannot be read names none
	for _, r := range []RepoRef{in.Repo, in.Ref.Repo, in.Order.Repo, in.Change.Ref.Repo} {
		if r.ID != 0 {
			return r
		}
	}
	return RepoRef{}
}
