package github

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// one is the oldest deployment that we made for the rollout, and the only one
// then; 0 when there is none. What we remember to have made is asked for when
// GitHub's list, which may lag behind, does not name it.
func (p *deploymentPerformer) one(ctx context.Context, e bot.MirrorRollout, remembered []int64) (int64, error) {
	ids, err := p.find(ctx, e)
	for _, id := range remembered {
		if err == nil && id != 0 && !slices.Contains(ids, id) {
			ids, err = p.unlisted(ctx, e, id, ids)
		}
	}
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	slices.Sort(ids)
	for _, surplus := range ids[1:] {
		if err := p.remove(ctx, e, surplus); err != nil {
			return 0, err
		}
	}
	return ids[0], nil
}

// remove takes away a deployment that is there twice. GitHub deletes only what
// is not active; what it keeps all the same stays inactive.
func (p *deploymentPerformer) remove(ctx context.Context, e bot.MirrorRollout, id int64) error {
	e.State, e.Description = "inactive", "another deployment shows this rollout"
	newest, err := p.newest(ctx, e, id)
	if err == nil && newest.State != e.State {
		_, err = p.show(ctx, e, id)
	}
	if err == nil {
		err = p.c.remove(ctx, e.Repo, path(e.Repo, "deployments", strconv.FormatInt(id, 10)))
	}
	if status := failureOf(err).status; err != nil && (status == http.StatusNotFound || status == http.StatusUnprocessableEntity) {
		return nil
	}
	return err
}

// unlisted adds a deployment to ids if it is there.
func (p *deploymentPerformer) unlisted(ctx context.Context, e bot.MirrorRollout, id int64, ids []int64) ([]int64, error) {
	var d wireDeployment
	_, err := p.c.get(ctx, e.Repo, path(e.Repo, "deployments", strconv.FormatInt(id, 10)), &d)
	switch {
	case err != nil && failureOf(err).status == http.StatusNotFound:
		return ids, nil // somebody deleted it
	case err != nil:
		return nil, err
	case d.rollout() != e.Rollout:
		return ids, nil
	}
	return append(ids, id), nil
}

// find looks for the deployments that we made for the rollout. Whoever may
// write could have put our key on one of theirs: that is not adopted.
func (p *deploymentPerformer) find(ctx context.Context, e bot.MirrorRollout) (ids []int64, err error) {
	self, err := p.c.self(ctx)
	if err != nil {
		return nil, err
	}
	q := url.Values{"sha": {string(e.SHA)}, "environment": {e.Environment}}
	err = pages(ctx, p.c, e.Repo, path(e.Repo, "deployments"), q, func(list []wireDeployment) bool {
		for _, d := range list {
			ours := strings.EqualFold(d.Creator.Login, string(self)) || d.Via != nil && d.Via.ID == p.c.o.AppID
			if ours && d.rollout() == e.Rollout {
				ids = append(ids, d.ID)
			}
		}
		return true
	})
	return ids, err
}
