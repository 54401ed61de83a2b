package bot

import "time"

// WorkflowRun is a run of a workflow of GitHub Actions that somebody
// dispatched.
type WorkflowRun struct {
	ID         int64
	Title      string    // what the workflow's run-name makes of its inputs
	Status     string    // queued, in_progress, completed, and other words for waiting
	Conclusion string    // success, failure, cancelled, …; empty until it is completed
	URL        string    // for people
	At         time.Time // when it was made

	File    string // the workflow's, below .github/workflows; empty when GitHub names none
	Ours    bool   // our own app dispatched it; anybody else may have made its title
	Default bool   // it is of the default branch, on which alone we dispatch
}
