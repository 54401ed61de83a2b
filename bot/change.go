package bot

import "time"

// Change is a pull request as its newest event described it. The totals come
// with the event, so that most changes are judged without a read.
type Change struct {
	Ref       ChangeRef `json:"ref"`
	Title     string    `json:"title"`
	Body      string    `json:"body,omitempty"`
	Author    Login     `json:"author"`
	AuthorBot bool      `json:"author_bot,omitempty"`
	Head      SHA       `json:"head"`
	HeadRef   string    `json:"head_ref"`
	HeadRepo  int64     `json:"head_repo"` // numeric id; 0 when the fork is gone
	Base      SHA       `json:"base"`
	BaseRef   string    `json:"base_ref"`
	Default   string    `json:"default,omitempty"` // the repository's default branch
	Added     int       `json:"added"`             // lines
	Deleted   int       `json:"deleted"`           // lines
	Files     int       `json:"files"`
	HasTotals bool      `json:"has_totals"` // false: the payload had none; they must be read
	Draft     bool      `json:"draft,omitempty"`
	Open      bool      `json:"open"`
	Merged    bool      `json:"merged,omitempty"`
	MergeSHA  SHA       `json:"merge_sha,omitempty"`
	Opened    time.Time `json:"opened"`
	Updated   time.Time `json:"updated"` // by GitHub's clock
	MergedAt  time.Time `json:"merged_at,omitzero"`
	MergedBy  Person    `json:"merged_by,omitzero"` // only where all of it was told, as in an event
	Labels    []string  `json:"labels,omitempty"`
}

// Size of a change, in lines and files.
type Size struct {
	Added   int `json:"added"`
	Deleted int `json:"deleted"`
	Files   int `json:"files"`
}

// Size of the change, as its totals say.
func (c Change) Size() Size { return Size{c.Added, c.Deleted, c.Files} }

// Sized is the change with other totals.
func (c Change) Sized(s Size) Change {
	c.Added, c.Deleted, c.Files, c.HasTotals = s.Added, s.Deleted, s.Files, true
	return c
}

// Lines is what GitHub counts: added and deleted.
func (c Change) Lines() int { return c.Added + c.Deleted }

// Fork reports whether the change's commits live in another repository.
func (c Change) Fork() bool { return c.HeadRepo != c.Ref.Repo.ID }

// Status of a check, in GitHub's words.
const (
	Queued     = "queued"
	InProgress = "in_progress"
	Completed  = "completed"
)

// Conclusions of a completed check, in GitHub's words.
const (
	Success        = "success"
	Failure        = "failure"
	Neutral        = "neutral"
	Cancelled      = "cancelled"
	Skipped        = "skipped"
	TimedOut       = "timed_out"
	ActionRequired = "action_required"
	Stale          = "stale"
	StartupFailure = "startup_failure"
)

// CheckRun is one run of somebody else's check on a commit, or a commit
// status, which is the older form of the same.
type CheckRun struct {
	ID         int64     `json:"id"`
	App        int64     `json:"app"`             // 0 for a commit status
	Suite      int64     `json:"suite,omitempty"` // of the app's runs on the commit; of GitHub Actions those of one workflow. 0: not known
	Name       string    `json:"name"`
	SHA        SHA       `json:"sha"`
	Status     string    `json:"status"`
	Conclusion string    `json:"conclusion,omitempty"`
	Started    time.Time `json:"started,omitzero"`
	Completed  time.Time `json:"completed,omitzero"`
	URL        string    `json:"url,omitempty"`
}

// Failed reports whether the run concluded against the commit.
func (r CheckRun) Failed() bool {
	switch r.Conclusion {
	case Failure, TimedOut, StartupFailure, ActionRequired:
		return r.Status == Completed
	}
	return false
}

// Passed reports whether the run concluded for the commit. A skipped, stale or
// cancelled run says nothing: it neither passes nor fails.
func (r CheckRun) Passed() bool {
	return r.Status == Completed && (r.Conclusion == Success || r.Conclusion == Neutral)
}

// NewerThan orders two runs of one check on one commit: the later start wins,
// then the greater id, then what came later in a run's life, so that any order
// of arrival ends the same.
func (r CheckRun) NewerThan(o CheckRun) bool {
	switch {
	case !r.Started.Equal(o.Started):
		return r.Started.After(o.Started)
	case r.ID != o.ID:
		return r.ID > o.ID
	case rank(r.Status) != rank(o.Status):
		return rank(r.Status) > rank(o.Status)
	case !r.Completed.Equal(o.Completed):
		return r.Completed.After(o.Completed)
	case r.Failed() != o.Failed():
		return r.Failed()
	}
	return r.Conclusion > o.Conclusion
}

// Concluded reports whether the run passed or failed.
func (r CheckRun) Concluded() bool { return r.Passed() || r.Failed() }

// Supersedes reports whether r says more of a commit than o, another run of
// the same check on it: the newer of two that concluded, and in any case one
// that concluded. A rerun that only runs, or was cancelled, improves nothing.
func (r CheckRun) Supersedes(o CheckRun) bool {
	if r.Concluded() != o.Concluded() {
		return r.Concluded()
	}
	return r.NewerThan(o)
}

func rank(status string) int {
	switch status {
	case Completed:
		return 2
	case InProgress:
		return 1
	}
	return 0
}
