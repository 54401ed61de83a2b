package bot

import (
	"fmt"
	"strings"
)

// Names that must not be confused have types of their own.
type (
	// RepoName is "owner/name", for display and for API paths. It may change;
	// a RepoRef's ID does not.
	RepoName string
	// SHA is a full commit id: 40 hexadecimal digits.
	SHA string
	// Login is a person's or an app's name on GitHub.
	Login string
	// StageName names a step of a pipeline: "staging", "canary", "production".
	StageName string
)

// Short is the first seven digits, as people write commits.
func (s SHA) Short() string { return string(s[:min(7, len(s))]) }

// Owner is the part before the slash.
func (n RepoName) Owner() string { owner, _, _ := strings.Cut(string(n), "/"); return owner }

// Name is the part after the slash.
func (n RepoName) Name() string { _, name, _ := strings.Cut(string(n), "/"); return name }

// RepoRef is a repository as an installation sees it. The numeric ids identify
// it, so that a rename or a transfer loses nothing and no tenant sees
// another's rows; the name is for people and for API paths.
type RepoRef struct {
	Installation int64    `json:"installation"`
	ID           int64    `json:"id"`
	Name         RepoName `json:"name"`
}

// Key identifies the repository in document keys and subjects: "42/1296269".
func (r RepoRef) Key() string { return fmt.Sprintf("%d/%d", r.Installation, r.ID) }

// ChangeRef is a pull request of a repository.
type ChangeRef struct {
	Repo   RepoRef `json:"repo"`
	Number int     `json:"number"`
}

// Key identifies the change: "42/1296269#12".
func (c ChangeRef) Key() string { return fmt.Sprintf("%s#%d", c.Repo.Key(), c.Number) }

// String is how people write it: "acme/shop#12".
func (c ChangeRef) String() string { return fmt.Sprintf("%s#%d", c.Repo.Name, c.Number) }

// IsZero reports whether c names no change.
func (c ChangeRef) IsZero() bool { return c.Number == 0 }
