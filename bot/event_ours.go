package bot

import "time"

// Where a command was given.
const (
	FromComment = "comment"
	FromSlack   = "slack"
)

// CommandGiven says that somebody wrote commands: in a comment on a pull
// request, or as a Slack command.
type CommandGiven struct {
	From      string    `json:"from"`
	By        Person    `json:"by"`
	Text      string    `json:"text"`               // the whole comment, or what follows /roundtrip
	At        time.Time `json:"at"`                 // by GitHub's or Slack's clock
	Ref       ChangeRef `json:"ref,omitzero"`       // the change commented on
	IsIssue   bool      `json:"is_issue,omitempty"` // the comment is on an issue, not on a change
	Open      bool      `json:"open,omitempty"`     // the change is open
	Comment   int64     `json:"comment,omitempty"`
	Channel   string    `json:"channel,omitempty"` // Slack's channel name, "#shop", when it has one
	ChannelID string    `json:"channel_id,omitempty"`
	Reply     string    `json:"reply,omitempty"` // Slack's response_url
}

// Subject is the change, or who asks in chat: one person's trouble holds
// nobody else up.
func (e CommandGiven) Subject() string {
	if !e.Ref.IsZero() {
		return e.Ref.Key()
	}
	return "slack/" + e.ChannelID + "/" + e.By.Slack
}

// ButtonPressed says that somebody pressed a button on a message of ours.
type ButtonPressed struct {
	By        Person    `json:"by"`
	Verb      string    `json:"verb"`
	Value     string    `json:"value"`
	At        time.Time `json:"at"`
	Channel   string    `json:"channel,omitempty"` // "#shop", when it has a name
	ChannelID string    `json:"channel_id"`
	Reply     string    `json:"reply"` // Slack's response_url
}

// Subject is who presses.
func (e ButtonPressed) Subject() string { return "slack/" + e.ChannelID + "/" + e.By.Slack }

// StageSettled says how something we asked of an executor ended.
type StageSettled struct {
	Slot    string  `json:"slot"`
	Rollout string  `json:"rollout"`
	Verb    string  `json:"verb"` // start, weight, finish, abort
	Outcome Outcome `json:"outcome"`
	Detail  string  `json:"detail,omitempty"`
}

// Subject is the slot.
func (e StageSettled) Subject() string { return e.Slot }

// RolloutDue says that it is time to look at a rollout again.
type RolloutDue struct {
	Slot    string `json:"slot"`
	Rollout string `json:"rollout"`
	What    string `json:"what"` // observe, window, step, deadline
	Step    int    `json:"step"` // the transition that asked; an older one changes nothing
}

// Subject is the slot.
func (e RolloutDue) Subject() string { return e.Slot }

// StartDue says that it is time to ask again whether a stage may start with
// the merge of a change; with no stage, to look which ones may.
type StartDue struct {
	Ref     ChangeRef `json:"ref"`
	Stage   StageName `json:"stage"`
	Service string    `json:"service"`
	By      Person    `json:"by"`    // who merged
	Since   time.Time `json:"since"` // of the merge
	// Told is where the change says that it waits for the file to be right:
	// "shop:staging". Empty: it does not.
	Told string `json:"told,omitempty"`
	// Right is that it says there that the file is right again, and that only
	// the gates are waited for.
	Right bool `json:"right,omitempty"`
	// Apart are the starts of this merge that are seen to by themselves, where
	// no stage is named.
	Apart []string `json:"apart,omitempty"`
}

// Key names the start among those of the merge.
func (e StartDue) Key() string { return string(e.Stage) + "/" + e.Service }

// Subject is the change.
func (e StartDue) Subject() string { return e.Ref.Key() }

// JudgeDue says that a change is to be judged again, because something around
// it changed: main broke or healed, or the settings did.
type JudgeDue struct {
	Ref ChangeRef `json:"ref"`
	Why string    `json:"why"`
}

// Subject is the change.
func (e JudgeDue) Subject() string { return e.Ref.Key() }

// JudgeAllDue says that all open changes are to be judged again, because what
// they are judged by was saved anew.
type JudgeAllDue struct {
	Repo      RepoRef `json:"repo"`
	Base      string  `json:"base,omitempty"`      // the branch they go to; empty: any
	Why       string  `json:"why"`                 // one for each cause
	Strangers bool    `json:"strangers,omitempty"` // instead those that we have not heard of: GitHub is asked
	Listed    int     `json:"listed,omitempty"`    // so many it listed before its list broke off
	Skip      int     `json:"skip,omitempty"`      // so many of those it is not asked for again
	Missing   string  `json:"missing,omitempty"`   // why it lists no more, however often it is asked
}

// Subject is a line of its own: nobody waits while changes are listed, and
// those that we know do not wait for GitHub's list.
func (e JudgeAllDue) Subject() string {
	line := "judge/"
	if e.Strangers {
		line = "strangers/"
	}
	return line + e.Repo.Key() + "@" + e.Base
}

// RedDue says that a branch has been red for so long, if the incident of that
// number still goes on.
type RedDue struct {
	Repo     RepoRef       `json:"repo"`
	Branch   string        `json:"branch"`
	Number   int           `json:"number"`
	After    time.Duration `json:"after"`
	Escalate bool          `json:"escalate,omitempty"`
}

// Subject is the branch.
func (e RedDue) Subject() string { return e.Repo.Key() + "@" + e.Branch }

// BuildDue says that it is time to consider a branch again: what it waited for
// did not come, or something is to be run now.
type BuildDue struct {
	Repo   RepoRef `json:"repo"`
	Branch string  `json:"branch"`
}

// Subject is the branch.
func (e BuildDue) Subject() string { return e.Repo.Key() + "@" + e.Branch }

// RerunSettled says how asking for another run of a check ended.
type RerunSettled struct {
	Repo    RepoRef `json:"repo"`
	Branch  string  `json:"branch"`
	Check   string  `json:"check"`
	SHA     SHA     `json:"sha"`
	Outcome Outcome `json:"outcome"`
	Detail  string  `json:"detail,omitempty"`
}

// Subject is the branch.
func (e RerunSettled) Subject() string { return e.Repo.Key() + "@" + e.Branch }

// IncidentDue says that more is known of why a branch is red than was told.
type IncidentDue struct {
	Repo   RepoRef `json:"repo"`
	Branch string  `json:"branch"`
}

// Subject is the branch.
func (e IncidentDue) Subject() string { return e.Repo.Key() + "@" + e.Branch }

// RevertSettled says how the opening of a pull request that takes a change
// back ended.
type RevertSettled struct {
	Ref     ChangeRef `json:"ref"`    // the change that is taken back
	Branch  string    `json:"branch"` // that it broke
	SHA     SHA       `json:"sha"`    // its commit there
	Outcome Outcome   `json:"outcome"`
	Detail  string    `json:"detail,omitempty"`
}

// Subject is the branch.
func (e RevertSettled) Subject() string { return e.Ref.Repo.Key() + "@" + e.Branch }

// ScheduleDue says that a slot of a schedule has come: one event a slot, also
// when two replicas or a restart see it.
type ScheduleDue struct {
	Name string    `json:"name"` // "weekly"
	Slot time.Time `json:"slot"`
	Repo RepoRef   `json:"repo"`
}

// Subject is the schedule and the repository.
func (e ScheduleDue) Subject() string { return e.Repo.Key() + "/" + e.Name }
