package bot

import "time"

// Letter is a row of the inbox: something that reached us, as it reached us,
// and what we made of it.
type Letter struct {
	Seq      int64
	ID       string // the sender's delivery id; a repeat is dropped
	Source   string // github, slack, timer, ours, missed
	Name     string // the sender's word for it: "pull_request"
	Body     []byte // as sent
	At       time.Time
	Due      time.Time // not before
	RetryAt  time.Time // nor before this, after a try in vain
	State    string
	Kind     string // of the event it holds
	Subject  string
	Event    []byte // the event, encoded
	Attempts int    // claims
	Tries    int    // that failed of themselves; only they use up our patience
	Lapses   int    // claims whose lease ran out: whoever held them was gone
	Owner    string
	Error    string
	Fault    string // why its body cannot be read from where it is kept; "" otherwise
}

// States of a letter.
const (
	LetterNew      = "new"      // stored, not yet opened
	LetterReady    = "ready"    // opened; waits for its turn
	LetterHandling = "handling" // under a lease
	LetterDone     = "done"
	LetterIgnored  = "ignored" // not understood or not acted on; kept and shown
	LetterFailed   = "failed"  // given up after many tries; shown
)

// Tally is how many letters of a source, or effects, are in a state.
type Tally struct {
	Outbox bool // effects, which have no source
	Source string
	State  string
	N      int
	At     time.Time // when they were counted
}

// Backlog is how far behind we are with what waits. A zero time: nothing does.
type Backlog struct {
	Letter  time.Time // when the oldest letter came that is not done; a timer once it is due
	Task    time.Time // when the oldest effect was asked for that is not done
	Letters int       // tried in vain and waiting for another try
	Effects int       // likewise
}

// Task is a row of the outbox: an effect and how far it is.
type Task struct {
	Seq      int64
	Kind     string
	Key      string
	Group    string
	Body     []byte
	Hash     string // of the content, to tell whether anything would change
	Cause    string // the delivery whose plan asked for it
	Order    bool
	State    string
	Attempts int // claims
	Tries    int // that failed of themselves; only they and Away use up our patience
	Away     int // that failed since nobody answered
	Lapses   int // claims whose lease ran out: whoever held them was gone
	Owner    string
	Receipt  Receipt
	Error    string
	At       time.Time
	Due      time.Time
	Lapsed   bool // claimed after another claim's lease ran out: it may have been done
}

// States of a task.
const (
	TaskWaiting    = "waiting"
	TaskPerforming = "performing" // under a lease
	TaskDone       = "done"
	TaskUnchanged  = "unchanged"  // what is there is what we would have written
	TaskSuperseded = "superseded" // a newer one took its place
	TaskFailed     = "failed"
	TaskHeld       = "held"     // we only observe
	TaskDoubtful   = "doubtful" // a person decides
	TaskDecided    = "decided"  // a person did; Error says how
)

// FactQuery asks the ledger. Zero fields do not restrict.
type FactQuery struct {
	Repo    RepoRef
	Kinds   []string
	Subject string
	From    time.Time
	To      time.Time // exclusive
	Last    int       // the newest so many
}
