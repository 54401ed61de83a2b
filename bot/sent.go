package bot

import (
	"strings"
	"time"
)

// Sent is one time that GitHub sent a webhook, as it lists them. A webhook that
// is sent again has the same GUID.
type Sent struct {
	ID       int64     `json:"id"` // of this time
	GUID     string    `json:"guid"`
	Event    string    `json:"event"` // GitHub's word: "pull_request"
	At       time.Time `json:"at"`    // by GitHub's clock
	Accepted bool      `json:"-"`     // it was answered with 2xx
}

// LetterID is the id under which the webhook is heard, however it reaches us.
func (s Sent) LetterID() string { return GitHubLetter(s.GUID) }

// MissedID is the id of the letter in its place, where it cannot be fetched.
func (s Sent) MissedID() string { return "missed/" + s.GUID }

const ofGitHub = "github/"

// GitHubLetter is the id under which a webhook is heard.
func GitHubLetter(guid string) string { return ofGitHub + guid }

// GitHubGUID is the GUID of a webhook that is heard under an id, and whether the
// id is a webhook's.
func GitHubGUID(letter string) (guid string, is bool) { return strings.CutPrefix(letter, ofGitHub) }
