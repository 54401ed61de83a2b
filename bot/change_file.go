package bot

// ChangedFile is a file of a change, as GitHub lists it.
type ChangedFile struct {
	Path     string `json:"path"`
	Previous string `json:"previous,omitempty"` // before a rename
	Status   string `json:"status"`             // in GitHub's words: added, removed, modified, renamed, …
	Added    int    `json:"added"`              // lines
	Deleted  int    `json:"deleted"`            // lines
	Patch    string `json:"patch,omitempty"`    // hunks; "" for what is binary or larger than GitHub shows
}

// Removed is the status of a file that is gone.
const Removed = "removed"

// Lines is what GitHub counts: added and deleted.
func (f ChangedFile) Lines() int { return f.Added + f.Deleted }

// AttributesFile is a .gitattributes in a tree.
type AttributesFile struct {
	Path string `json:"path"`
	ID   string `json:"id"` // git's name of its text
	Text string `json:"text"`
}
