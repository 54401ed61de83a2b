package web

import (
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// behindDoc is what handlers keep of the look for what GitHub sent and we did
// not hear.
type behindDoc struct {
	bot.Version
	Sweep *struct {
		Want []struct{} `json:"want"`
	} `json:"sweep"`
	Trouble string    `json:"trouble"`
	Since   time.Time `json:"since"`
}

// comparedDoc is what handlers keep of comparing a repository with GitHub.
type comparedDoc struct {
	bot.Version
	Repo    bot.RepoRef `json:"repo"`
	Trouble string      `json:"trouble"`
	Since   time.Time   `json:"since"`
}

// behindView is how far we are behind GitHub.
type behindView struct {
	behindDoc
	Repos []comparedDoc // that could not be compared with it
}

// Wanted is how many deliveries wait to be fetched.
func (d behindDoc) Wanted() int {
	if d.Sweep == nil {
		return 0
	}
	return len(d.Sweep.Want)
}

// behind is how far we are behind GitHub; nil when we are not.
func (l look) behind() (*behindView, error) {
	var v behindView
	if _, err := l.read.Doc(l.ctx, "catch-up", &v.behindDoc); err != nil {
		return nil, err
	}
	all, err := each[comparedDoc](l, "compared/")
	if err != nil {
		return nil, err
	}
	v.Repos = slices.DeleteFunc(all, func(d comparedDoc) bool { return d.Trouble == "" })
	if v.Trouble == "" && v.Wanted() == 0 && len(v.Repos) == 0 {
		return nil, nil
	}
	return &v, nil
}
