package bot

import "time"

// ChangeUpdated says that a pull request was opened, pushed to, reopened, made
// ready or edited in a way that may change a verdict.
type ChangeUpdated struct {
	Action string `json:"action"` // GitHub's: opened, synchronize, reopened, edited, ready_for_review…
	Change Change `json:"change"`
	Before SHA    `json:"before,omitempty"` // the head before, on synchronize
	By     Person `json:"by"`               // who did it; on synchronize, who pushed
}

// Subject is the change.
func (e ChangeUpdated) Subject() string { return e.Change.Ref.Key() }

// ChangeClosed says that a pull request was merged or given up.
type ChangeClosed struct {
	Change Change `json:"change"`
	By     Person `json:"by"`
}

// Subject is the change.
func (e ChangeClosed) Subject() string { return e.Change.Ref.Key() }

// Pushed says that a branch moved.
type Pushed struct {
	Repo    RepoRef   `json:"repo"`
	Branch  string    `json:"branch"`
	Default bool      `json:"default"` // it is the repository's default branch
	Before  SHA       `json:"before"`
	After   SHA       `json:"after"`
	Forced  bool      `json:"forced,omitempty"`
	Deleted bool      `json:"deleted,omitempty"`
	By      Person    `json:"by"`
	Paths   []string  `json:"paths,omitempty"` // touched by the commits that the payload lists
	Commits []Commit  `json:"commits,omitempty"`
	At      time.Time `json:"at"` // the head commit's; zero when GitHub gave none
}

// Subject is the branch.
func (e Pushed) Subject() string { return e.Repo.Key() + "@" + e.Branch }

// Commit as a push names it.
type Commit struct {
	SHA      SHA       `json:"sha"`
	Tree     string    `json:"tree,omitempty"`
	Title    string    `json:"title"`
	Author   Login     `json:"author,omitempty"`
	Authored time.Time `json:"authored"`
	Parents  int       `json:"parents,omitempty"` // 0: not known
	Parent   SHA       `json:"parent,omitempty"`  // the first
}

// CheckReported says that somebody else's check or status moved on a commit.
type CheckReported struct {
	Repo    RepoRef  `json:"repo"`
	Branch  string   `json:"branch,omitempty"`  // of the commit, where GitHub says so
	Changes []int    `json:"changes,omitempty"` // pull requests whose head it is
	Run     CheckRun `json:"run"`
}

// Subject is the first change whose head it is, else the branch, else the commit.
func (e CheckReported) Subject() string {
	switch {
	case len(e.Changes) > 0:
		return ChangeRef{Repo: e.Repo, Number: e.Changes[0]}.Key()
	case e.Branch != "":
		return e.Repo.Key() + "@" + e.Branch
	}
	return e.Repo.Key() + "@" + string(e.Run.SHA)
}

// RecheckAsked says that somebody pressed "re-run" on a check of ours.
type RecheckAsked struct {
	Repo    RepoRef `json:"repo"`
	SHA     SHA     `json:"sha"`
	Changes []int   `json:"changes,omitempty"`
	By      Person  `json:"by"`
}

// Subject is the first change, else the commit.
func (e RecheckAsked) Subject() string {
	if len(e.Changes) > 0 {
		return ChangeRef{Repo: e.Repo, Number: e.Changes[0]}.Key()
	}
	return e.Repo.Key() + "@" + string(e.SHA)
}

// CheckPressed says that somebody pressed a button of ours beside a check of
// ours.
type CheckPressed struct {
	Repo    RepoRef `json:"repo"`
	SHA     SHA     `json:"sha"`
	Changes []int   `json:"changes,omitempty"`
	Check   string  `json:"check"`
	Verb    string  `json:"verb"`
	By      Person  `json:"by"`
}

// Subject is the first change, else the commit.
func (e CheckPressed) Subject() string {
	return RecheckAsked{Repo: e.Repo, SHA: e.SHA, Changes: e.Changes}.Subject()
}

// GroupFormed says that a merge queue asks whether a group of changes may
// merge. GitHub waits for every required check on the group's own commit.
type GroupFormed struct {
	Repo RepoRef `json:"repo"`
	SHA  SHA     `json:"sha"`
	Base string  `json:"base"` // branch name
	Last int     `json:"last"` // the newest change in it; 0 when GitHub did not say
}

// Subject is the group's commit.
func (e GroupFormed) Subject() string { return e.Repo.Key() + "@" + string(e.SHA) }

// DeploymentReported says that a deployment that is not ours changed state.
type DeploymentReported struct {
	Repo        RepoRef   `json:"repo"`
	ID          int64     `json:"id"`
	SHA         SHA       `json:"sha"`
	Environment string    `json:"environment"`
	State       string    `json:"state"`
	At          time.Time `json:"at"`
	By          Person    `json:"by"`
}

// Subject is the environment.
func (e DeploymentReported) Subject() string { return e.Repo.Key() + "/" + e.Environment }

// InstallationChanged says that the app was installed, removed, suspended, or
// got or lost repositories.
type InstallationChanged struct {
	Action  string    `json:"action"` // created, deleted, suspend, unsuspend, added, removed…
	ID      int64     `json:"id"`
	Account string    `json:"account"`
	Added   []RepoRef `json:"added,omitempty"`
	Removed []RepoRef `json:"removed,omitempty"`
}

// Subject is the installation.
func (e InstallationChanged) Subject() string { return RepoRef{Installation: e.ID}.Key() }
