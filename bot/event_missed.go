package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// CatchUpDue says that it is time to fetch what GitHub sent and we did not
// hear: we started, an hour is over, or GitHub sent something new and nobody
// reaches us.
type CatchUpDue struct {
	Slot time.Time `json:"slot,omitzero"` // of the hour; zero: it is none of these
	Look bool      `json:"look"`          // afterwards each repository is compared with what we know of it
	Turn int       `json:"turn,omitzero"` // a look that broke off goes on, if it still waits for this turn
}

// Subject is a line of its own: one look at a time, whoever asks for it.
func (CatchUpDue) Subject() string { return "catch-up" }

// CompareDue says that it is time to compare a repository, as GitHub has it now,
// with what we know of it: a webhook may have been lost without a trace.
type CompareDue struct {
	Repo RepoRef `json:"repo"`
}

// Subject is a line of its own: nobody waits while we look.
func (e CompareDue) Subject() string { return "compare/" + e.Repo.Key() }

// Started is the letter by which a process that starts asks for what it missed.
func Started(process string) (Letter, error) {
	return ours("start/"+process, CatchUpDue{Look: true})
}

// Refused is the letter by which a process asks for what it could not take, the
// nth time that it asks.
func Refused(process string, n int) (Letter, error) {
	return ours(fmt.Sprintf("refused/%s/%d", process, n), CatchUpDue{})
}

// News is the letter that says that GitHub lists a newer delivery. Of several
// who saw it one is heard.
func News(newest int64) (Letter, error) {
	return ours(fmt.Sprintf("news/%d", newest), CatchUpDue{})
}

func ours(id string, e Event) (l Letter, err error) {
	l = Letter{ID: id, Source: "ours"}
	l.Name, l.Body, err = EncodeEvent(e)
	return l, err
}

// OpenOurs makes an event of a letter of our own.
func OpenOurs(l Letter) (Event, error) { return DecodeEvent(l.Name, l.Body) }

// Missed is the letter in the place of a delivery that cannot be fetched: it is
// given up where people look. Should the delivery come after all, it is heard.
func Missed(s Sent, why string) Letter {
	body, _ := json.Marshal(why) // a text can be written
	return Letter{ID: s.MissedID(), Source: "missed", Name: s.Event, Body: body}
}

// OpenMissed says why there is no delivery in a letter of Missed.
func OpenMissed(l Letter) (Event, error) {
	var why string
	if err := json.Unmarshal(l.Body, &why); err != nil {
		return nil, fmt.Errorf("read why a delivery is missed: %w", err)
	}
	return nil, errors.New(why)
}
