package bot

// OpenRevert opens the pull request that takes a merged change back. It is
// looked for before it is made, whoever made it, so that there is one for each
// change; and it is made only while the change's commit is the head of the
// branch, for then it brings back exactly what was there before.
type OpenRevert struct {
	Ref    ChangeRef `json:"ref"`    // the change to take back
	Branch string    `json:"branch"` // where it was merged
	SHA    SHA       `json:"sha"`    // its commit there
	Title  string    `json:"title"`  // of the new pull request
	Body   string    `json:"body"`   // Markdown
}

// Kind is "revert".
func (OpenRevert) Kind() string { return "revert" }

// Key is the change: it is taken back once.
func (e OpenRevert) Key() string { return e.Ref.Key() }

// Settled tells the branch's incident.
func (e OpenRevert) Settled(o Outcome, detail string) Event {
	return RevertSettled{Ref: e.Ref, Branch: e.Branch, SHA: e.SHA, Outcome: o, Detail: detail}
}
