package bot

import "fmt"

// Mistake is something wrong in a file or a setting, with its place and the
// remedy. Line and Column count from 1; 0 means that there is none to point at.
type Mistake struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Path    string `json:"path,omitempty"` // "stages.canary.after"
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"` // the remedy
}

// String is one line: "roundtrip.yml:7:3: batch.lins: unknown key; did you mean lines?".
func (m Mistake) String() string {
	s := m.File
	if m.Line > 0 {
		s += fmt.Sprintf(":%d:%d", m.Line, m.Column)
	}
	if m.Path != "" {
		s += ": " + m.Path
	}
	s += ": " + m.Message
	if m.Hint != "" {
		s += "; " + m.Hint
	}
	return s
}

// Notify says where a repository's people are told.
type Notify struct {
	Channel string `json:"channel,omitempty"` // what happens to main
	Deploys string `json:"deploys,omitempty"` // rollouts; Channel when empty
	Page    string `json:"page,omitempty"`    // who is called when it burns
}

// ForDeploys is the channel of rollouts.
func (n Notify) ForDeploys() string {
	if n.Deploys != "" {
		return n.Deploys
	}
	return n.Channel
}

// Schedule is when a report is due and where it goes.
type Schedule struct {
	Cron string   `json:"cron"`
	Zone string   `json:"zone"`
	To   []string `json:"to"` // "slack:#eng-leads"
}
