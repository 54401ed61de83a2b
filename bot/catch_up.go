package bot

import "time"

// CatchUpKey is where CaughtUp is kept; there is one for all repositories.
const CatchUpKey = "catch-up"

// CaughtUp is how far we know what GitHub sent.
type CaughtUp struct {
	Version
	Known    time.Time `json:"known,omitzero"`  // what GitHub sent before, by its clock, was heard, given up or is left
	Left     []Wanted  `json:"left,omitempty"`  // what the last look could not fetch, the oldest last
	Ended    time.Time `json:"ended,omitzero"`  // when the last look came to its end, by ours
	Sweep    *Sweep    `json:"sweep,omitempty"` // under way
	Turn     int       `json:"turn,omitempty"`  // in which it goes on
	Fetched  int       `json:"fetched"`         // ever
	Missed   int       `json:"missed"`          // ever: could not be fetched
	Trouble  string    `json:"trouble,omitempty"`
	Since    time.Time `json:"since,omitzero"` // of the trouble
	Fails    int       `json:"fails,omitempty"`
	Unread   string    `json:"unread,omitempty"`   // what was not looked through, as GitHub lists too much
	UnreadAt time.Time `json:"unread_at,omitzero"` // by our clock
	Last     string    `json:"last,omitempty"`     // of the repositories that were compared
}

// DocKey implements Doc.
func (CaughtUp) DocKey() string { return CatchUpKey }

// Waiting is how many deliveries are to be fetched.
func (d CaughtUp) Waiting() int {
	n := len(d.Left)
	if d.Sweep != nil {
		n += len(d.Sweep.Want) + len(d.Sweep.Later)
	}
	return n
}

// Sweep is a look at what GitHub sent: its list is read from the newest to the
// oldest, and then what we did not hear is fetched from the oldest to the
// newest.
type Sweep struct {
	From   time.Time `json:"from,omitzero"` // so far back it goes, by GitHub's clock
	Upto   time.Time `json:"upto,omitzero"` // and it began there
	Cursor string    `json:"cursor,omitempty"`
	Pages  int       `json:"pages,omitempty"`
	Listed bool      `json:"listed,omitempty"` // the list was read to its end
	Again  bool      `json:"again,omitempty"`  // there is more than it can bring
	Left   string    `json:"left,omitempty"`   // why some are left to the next look
	Later  []Wanted  `json:"later,omitempty"`  // of them, the newest last
	Want   []Wanted  `json:"want,omitempty"`   // the oldest last
}

// Wanted is a delivery that is to be fetched.
type Wanted struct {
	Sent
	Tries int `json:"tries,omitempty"`
}

// Compared is where the next comparison of a repository with GitHub begins, and
// what the last one met.
type Compared struct {
	Version
	Repo   RepoRef   `json:"repo"`
	After  int       `json:"after"`           // the change whose checks were looked at last
	Closed time.Time `json:"closed,omitzero"` // of closed changes it is known what happened before, by GitHub's clock
	Seen   int       `json:"seen"`            // events that were lost, ever
	// Told are heads of branches whose push was looked for, by branch.
	Told    map[string]SHA `json:"told,omitempty"`
	Trouble string         `json:"trouble,omitempty"`
	Since   time.Time      `json:"since,omitzero"` // of the trouble
}

// ComparedKeys is what the keys of all Compared begin with.
const ComparedKeys = "compared/"

// DocKey implements Doc.
func (d Compared) DocKey() string { return ComparedKeys + d.Repo.Key() }
