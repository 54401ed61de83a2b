package web

import (
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// behindView is how far we are behind GitHub.
type behindView struct {
	bot.CaughtUp
	Repos []bot.Compared // that could not be compared with it
}

// behind is how far we are behind GitHub; nil when we are not.
func (l look) behind() (*behindView, error) {
	var v behindView
	if _, err := l.read.Doc(l.ctx, bot.CatchUpKey, &v.CaughtUp); err != nil {
		return nil, err
	}
	all, err := each[bot.Compared](l, bot.ComparedKeys)
	if err != nil {
		return nil, err
	}
	v.Repos = slices.DeleteFunc(all, func(d bot.Compared) bool { return d.Trouble == "" })
	if v.Trouble == "" && v.Unread == "" && v.Waiting() == 0 && len(v.Repos) == 0 {
		return nil, nil
	}
	return &v, nil
}
