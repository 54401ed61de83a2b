package fakegithub

import (
	"time"
)

// ChangeView is a change as people see it.
type ChangeView struct {
	Number   int
	Title    string
	Body     string
	Author   string
	State    string // open, closed
	Draft    bool
	Fork     bool
	Labels   []string
	Branch   string
	Head     string // SHA
	Base     string // branch
	Added    int    // lines
	Deleted  int
	Files    []string
	Merged   bool
	MergeSHA string
	MergedBy string
	Checks   []CheckView // newest per name and app
	Comments []CommentView
	Verdict  string   // clean, unstable, blocked, dirty, draft, unknown
	Blocked  []string // why it may not be merged, or should not be: required checks, and the bot's that do not pass
	Opened   time.Time
	Updated  time.Time
	URL      string
}

// Description is the body as HTML. It is drawn for who asks: the scoreboard
// does not.
func (v ChangeView) Description() string { return render(v.Body) }

// FileView is what a change does to one file.
type FileView struct {
	Path, Was      string // Was: the path before, of a renamed file
	Status         string // added, removed, modified, renamed
	Added, Deleted int    // lines
	Patch          string // unified
}

// CheckView is a check or a status as people see it.
type CheckView struct {
	ID         int64
	Name       string
	App        string // slug; empty for a status
	Required   bool
	Status     string
	Conclusion string
	Title      string
	Summary    string // Markdown
	Text       string // Markdown
	URL        string // details
	Actions    []ActionView
}

// ActionView is a button beside a check.
type ActionView struct{ Label, About string }

// HTML is the summary.
func (v CheckView) HTML() string { return render(v.Summary) }

// CommentView is a comment as people see it.
type CommentView struct {
	ID        int64
	Author    string
	Body      string
	Created   time.Time
	Edited    time.Time // Created when it never was
	Reactions map[string]int
}

// HTML is the body.
func (v CommentView) HTML() string { return render(v.Body) }

// IssueView is an issue as people see it.
type IssueView struct {
	Number   int
	Title    string
	Body     string
	Author   string
	State    string
	Labels   []string
	Comments []CommentView
}

// DeploymentView is a deployment with its statuses, oldest first.
type DeploymentView struct {
	ID          int64
	SHA         string
	Ref         string
	Environment string
	Task        string
	Description string
	Payload     any
	Statuses    []DeploymentStatusView
}

// DeploymentStatusView is a state of a deployment.
type DeploymentStatusView struct {
	State, Description, LogURL, URL string
	Time                            time.Time
}
