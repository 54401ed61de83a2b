package github

import (
	"context"
	"net/url"
	"strconv"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// says reports whether the newest status says already what we would say.
func (p *deploymentPerformer) says(ctx context.Context, e bot.MirrorRollout, id int64) (r bot.Receipt, done bool, err error) {
	newest, err := p.newest(ctx, e, id)
	if err != nil || newest.State != e.State || newest.Description != describe(e) {
		return bot.Receipt{}, false, err
	}
	return receipt(newest.ID, strconv.FormatInt(id, 10), ""), true, nil
}

// wireState is a state that a deployment was said to be in.
type wireState struct {
	ID          int64  `json:"id"`
	State       string `json:"state"`
	Description string `json:"description"`
}

// newest is the state that a deployment was last said to be in.
func (p *deploymentPerformer) newest(ctx context.Context, e bot.MirrorRollout, id int64) (newest wireState, err error) {
	where := path(e.Repo, "deployments", strconv.FormatInt(id, 10), "statuses")
	err = pages(ctx, p.c, e.Repo, where, url.Values{}, func(list []wireState) bool {
		for _, s := range list {
			if s.ID > newest.ID {
				newest = s
			}
		}
		return true
	})
	return newest, err
}
