package bot

import (
	"fmt"
	"time"
)

// SetCheck shows a verdict as a check run of ours on a commit.
type SetCheck struct {
	Repo       RepoRef `json:"repo"`
	SHA        SHA     `json:"sha"`
	Name       string  `json:"name"` // "roundtrip / batch"
	Status     string  `json:"status"`
	Conclusion string  `json:"conclusion,omitempty"`
	Title      string  `json:"title"`
	Summary    string  `json:"summary"` // Markdown
	Notes      []Note  `json:"notes,omitempty"`
	// Actions are buttons beside it, at most three.
	Actions []CheckAction `json:"actions,omitempty"`
	URL     string        `json:"url,omitempty"`
	Again   string        `json:"again,omitempty"` // who asked for it anew: it is written even if nothing changed
}

// CheckAction is a button beside a check. GitHub takes 20 characters of a verb
// and of a label, and 40 of what it is about.
type CheckAction struct {
	Verb  string `json:"verb"`
	Label string `json:"label"`
	About string `json:"about"`
}

// Note is a remark on a line of the commit, shown beside it.
type Note struct {
	Path    string `json:"path"`             // from the repository's root
	Line    int    `json:"line"`             // from 1
	Column  int    `json:"column,omitempty"` // from 1; 0: the whole line
	Message string `json:"message"`          // plain text
	Level   string `json:"level,omitempty"`  // in GitHub's words; empty: a failure
}

// Notice is the level of a note that nothing is wrong with.
const Notice = "notice"

// Kind is "check".
func (SetCheck) Kind() string { return "check" }

// Key is the commit and the check's name.
func (e SetCheck) Key() string { return fmt.Sprintf("%s/%s/%s", e.Repo.Key(), e.SHA, e.Name) }

// KeepComment keeps one comment up to date: the one of its place on a change
// or an issue. Our own comments are known by a hidden, signed mark.
type KeepComment struct {
	Ref   ChangeRef `json:"ref"`
	Place string    `json:"place"`
	Body  string    `json:"body"` // Markdown
}

// Kind is "comment".
func (KeepComment) Kind() string { return "comment" }

// Key is the change and the place.
func (e KeepComment) Key() string { return e.Ref.Key() + "/" + e.Place }

// Reactions, in GitHub's words.
const (
	Eyes   = "eyes"
	Rocket = "rocket"
	Hooray = "hooray"
	Nope   = "-1"
	Puzzle = "confused"
)

// React puts a reaction on somebody's comment.
type React struct {
	Repo     RepoRef `json:"repo"`
	Comment  int64   `json:"comment"`
	Reaction string  `json:"reaction"`
}

// Kind is "reaction".
func (React) Kind() string { return "reaction" }

// Key is the comment and the reaction.
func (e React) Key() string {
	return fmt.Sprintf("%s/%d/%s", e.Repo.Key(), e.Comment, e.Reaction)
}

// Group keeps the reactions on one comment in order.
func (e React) Group() string { return fmt.Sprintf("reaction/%s/%d", e.Repo.Key(), e.Comment) }

// Anew is Nothing: GitHub knows a reaction of ours that is there already.
func (React) Anew() Anew { return Nothing }

// MirrorRollback is the task of a rollout that goes back to what was there.
const MirrorRollback = "deploy:rollback"

// MirrorRollout shows a rollout's state as a GitHub Deployment and its status.
// With a Deployment it is about one that somebody else made: if that is live,
// it no longer is.
type MirrorRollout struct {
	Repo        RepoRef   `json:"repo"`
	Rollout     string    `json:"rollout,omitempty"`
	Deployment  int64     `json:"deployment,omitempty"` // GitHub's id; 0: that of the rollout
	SHA         SHA       `json:"sha"`
	Environment string    `json:"environment"`
	Task        string    `json:"task"`  // "deploy" or MirrorRollback
	State       string    `json:"state"` // GitHub's: queued, in_progress, success, failure, error, inactive
	Description string    `json:"description"`
	URL         string    `json:"url,omitempty"`
	Production  bool      `json:"production,omitempty"`
	At          time.Time `json:"at"`
	Step        int       `json:"step"` // tells apart two mirrors of one state
}

// Kind is "deployment".
func (MirrorRollout) Kind() string { return "deployment" }

// Key is the deployment, the state and the step.
func (e MirrorRollout) Key() string {
	return fmt.Sprintf("%s/%s/%d", e.of(), e.State, e.Step)
}

// Group keeps the states of one deployment in order.
func (e MirrorRollout) Group() string { return "deployment/" + e.of() }

// Anew is the newest state of the deployment.
func (MirrorRollout) Anew() Anew { return NewestOfGroup }

func (e MirrorRollout) of() string {
	if e.Deployment != 0 {
		return fmt.Sprintf("%s/outside/%d", e.Repo.Key(), e.Deployment)
	}
	return e.Rollout
}
