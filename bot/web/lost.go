package web

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// lost is a delivery that was given up. Whoever asked for something was told
// elsewhere; of the others only the operator hears, and here.
type lost struct {
	Kind  string       // of its event, or the sender's word for it
	Repo  bot.RepoName // empty where it names none
	Error string
	Paste string
	At    time.Time
}

// newestLost is how many are listed; all are counted.
const newestLost = 5

func (l look) lost() (list []lost, err error) {
	letters, err := l.read.Letters(l.ctx, bot.LetterFailed, newestLost)
	for _, letter := range letters {
		list = append(list, lost{
			Kind: cmp.Or(letter.Kind, letter.Name, letter.Source), Repo: about(letter),
			Error: letter.Error, Paste: "roundtrip replay " + shellWord(letter.ID), At: letter.At,
		})
	}
	return list, err
}

// about is the repository that a delivery names, in our words or in GitHub's.
func about(l bot.Letter) bot.RepoName {
	type repo struct {
		Name bot.RepoName `json:"name"`
	}
	type ref struct {
		Repo repo `json:"repo"`
	}
	var ours struct {
		Repo   repo `json:"repo"`
		Ref    ref  `json:"ref"`
		Change struct {
			Ref ref `json:"ref"`
		} `json:"change"`
	}
	if json.Unmarshal(l.Event, &ours) == nil {
		if name := cmp.Or(ours.Repo.Name, ours.Ref.Repo.Name, ours.Change.Ref.Repo.Name); name != "" {
			return name
		}
	}
	var theirs struct {
		Repository struct {
			FullName bot.RepoName `json:"full_name"`
		} `json:"repository"`
	}
	_ = json.Unmarshal(l.Body, &theirs) // what cannot be read names none
	return theirs.Repository.FullName
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9][\w./:@+-]*$`)

// shellWord is an id as one word to a shell: no signature covers GitHub's ids.
func shellWord(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
