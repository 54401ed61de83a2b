package github

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// shown is the deployment that shows a rollout; its id is 0 when there is none.
type shown struct {
	id    int64
	twice string // why others stand beside it
}

// one is the oldest deployment that we made for the rollout, and the only one
// then, or it says why not. What we remember to have made is asked for when
// GitHub's list, which may lag behind, does not name it.
func (p *deploymentPerformer) one(ctx context.Context, e bot.MirrorRollout, remembered []int64) (d shown, err error) {
	ids, err := p.find(ctx, e)
	for _, id := range remembered {
		if err == nil && id != 0 && !slices.Contains(ids, id) {
			ids, err = p.unlisted(ctx, e, id, ids)
		}
	}
	if err != nil || len(ids) == 0 {
		return d, err
	}
	slices.Sort(ids)
	d.id = ids[0]
	for _, surplus := range ids[1:] {
		why, err := p.remove(ctx, e, surplus)
		if err != nil {
			return d, err
		}
		d.twice = joined(d.twice, why)
	}
	return d, nil
}

// remove takes away a deployment that is there twice, or says why it stays.
// GitHub deletes only what is not active; what it keeps all the same stays
// inactive, if GitHub lets it be so.
func (p *deploymentPerformer) remove(ctx context.Context, e bot.MirrorRollout, id int64) (stays string, err error) {
	e.State, e.Description = "inactive", "another deployment shows this rollout"
	newest, err := p.newest(ctx, e, id)
	if err == nil && newest.State != e.State {
		_, err = p.show(ctx, e, id)
	}
	switch {
	case missing(err):
		return "", nil // somebody was faster
	case err != nil:
		return staying(fmt.Sprintf("say that deployment %d is inactive", id), err)
	}
	err = p.c.remove(ctx, e.Repo, path(e.Repo, "deployments", strconv.FormatInt(id, 10)))
	return staying(fmt.Sprintf("delete deployment %d, which is inactive", id), err)
}

// unlisted adds a deployment to ids if it is there and one that find would have found.
func (p *deploymentPerformer) unlisted(ctx context.Context, e bot.MirrorRollout, id int64, ids []int64) ([]int64, error) {
	self, err := p.c.self(ctx)
	if err != nil {
		return nil, err
	}
	var d wireDeployment
	_, err = p.c.get(ctx, e.Repo, path(e.Repo, "deployments", strconv.FormatInt(id, 10)), &d)
	switch {
	case missing(err):
		return ids, nil // somebody deleted it
	case err != nil:
		return nil, err
	case !p.ours(d, self, e) || d.SHA != string(e.SHA) || d.Environment != e.Environment:
		return ids, nil
	}
	return append(ids, id), nil
}

// ours is a deployment that we made for the rollout. Whoever may write could
// have put our key on one of theirs: that is not adopted.
func (p *deploymentPerformer) ours(d wireDeployment, self bot.Login, e bot.MirrorRollout) bool {
	by := strings.EqualFold(d.Creator.Login, string(self)) || d.Via != nil && d.Via.ID == p.c.o.AppID
	return by && d.rollout() == e.Rollout
}

// find looks for the deployments that we made for the rollout.
func (p *deploymentPerformer) find(ctx context.Context, e bot.MirrorRollout) (ids []int64, err error) {
	self, err := p.c.self(ctx)
	if err != nil {
		return nil, err
	}
	q := url.Values{"sha": {string(e.SHA)}, "environment": {e.Environment}}
	err = pages(ctx, p.c, e.Repo, path(e.Repo, "deployments"), q, func(list []wireDeployment) bool {
		for _, d := range list {
			if p.ours(d, self, e) {
				ids = append(ids, d.ID)
			}
		}
		return true
	})
	return ids, err
}
