package web

import (
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

// Wanted is how many deliveries wait to be fetched.
func (d behindDoc) Wanted() int {
	if d.Sweep == nil {
		return 0
	}
	return len(d.Sweep.Want)
}

// behind is how far we are behind what GitHub sent; nil when we are not.
func (l look) behind() (*behindDoc, error) {
	var d behindDoc
	found, err := l.read.Doc(l.ctx, "catch-up", &d)
	if err != nil || !found || d.Trouble == "" && d.Wanted() == 0 {
		return nil, err
	}
	return &d, nil
}
