package bot

// RunAgain has somebody else's check run once more on a commit: what it says
// then tells a flake from a break. A run that is newer than the one that was
// known is found and taken for it.
type RunAgain struct {
	Repo   RepoRef `json:"repo"`
	Branch string  `json:"branch"` // that the commit is on
	Check  string  `json:"check"`
	SHA    SHA     `json:"sha"`
	App    int64   `json:"app"` // whose check it is
	Run    int64   `json:"run"` // the newest run that was known
}

// Kind is "rerun".
func (RunAgain) Kind() string { return "rerun" }

// Key is the check on the commit.
func (e RunAgain) Key() string { return e.Repo.Key() + "/" + string(e.SHA) + "/" + e.Check }

// Settled tells the branch.
func (e RunAgain) Settled(o Outcome, detail string) Event {
	return RerunSettled{Repo: e.Repo, Branch: e.Branch, Check: e.Check, SHA: e.SHA, Outcome: o, Detail: detail}
}
