package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	gh "github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// deploymentPerformer shows a rollout as one GitHub Deployment with a status
// for each state. The deployment carries the rollout's id in its payload, by
// which it is found again.
type deploymentPerformer struct{ c *Client }

// Kind is bot.MirrorRollout's.
func (*deploymentPerformer) Kind() string { return bot.MirrorRollout{}.Kind() }

// Perform makes sure that there is a deployment and adds the state. The
// receipt's More is the deployment's id, its ID the status's. A deployment
// that somebody deleted meanwhile is forgotten, and found or made anew.
// Whenever it looks, and always after an attempt that may have been done, or
// that somebody may have made beside us, the oldest stays and the others go, or
// the receipt says why not.
func (p *deploymentPerformer) Perform(ctx context.Context, job bot.Job) (bot.Receipt, error) {
	e, ok := job.Effect.(bot.MirrorRollout)
	if !ok {
		return bot.Receipt{}, wrongKind(p, job.Effect)
	}
	if e.Deployment != 0 {
		return p.retire(ctx, e)
	}
	doing := fmt.Sprintf("show rollout %s as %s in %s of %s", e.Rollout, e.State, e.Environment, e.Repo.Name)
	r, err := p.add(ctx, job, e)
	if err = writeError(doing, err); !gone(err) {
		return r, err
	}
	p.c.made.drop(known(e))
	job.Last = bot.Receipt{}
	r, err = p.add(ctx, job, e)
	return r, writeError(doing, err)
}

// add adds the state to the rollout's deployment.
func (p *deploymentPerformer) add(ctx context.Context, job bot.Job, e bot.MirrorRollout) (bot.Receipt, error) {
	d, err := p.deployment(ctx, e, job)
	if err != nil {
		return bot.Receipt{}, err
	}
	r, done := bot.Receipt{}, false
	if inDoubt(job) { // the attempt before may have been done
		r, done, err = p.says(ctx, e, d.id)
	}
	if err == nil && !done {
		r, err = p.show(ctx, e, d.id)
	}
	r.Twice = d.twice
	return r, err
}

// retire says of somebody else's deployment that it is no longer live. What
// they said of it since, or that they deleted it, stands.
func (p *deploymentPerformer) retire(ctx context.Context, e bot.MirrorRollout) (bot.Receipt, error) {
	doing := fmt.Sprintf("show deployment %d as %s in %s of %s", e.Deployment, e.State, e.Environment, e.Repo.Name)
	newest, err := p.newest(ctx, e, e.Deployment)
	if err = readError(doing, err); gone(err) || err == nil && newest.State != "success" {
		return bot.Receipt{}, nil
	}
	if err != nil {
		return bot.Receipt{}, err
	}
	r, err := p.show(ctx, e, e.Deployment)
	return r, writeError(doing, err)
}

// known names a rollout among those of all tenants.
func known(e bot.MirrorRollout) string { return e.Repo.Key() + "/" + e.Rollout }

// inDoubt: the attempt before may have been done, or somebody's beside us.
func inDoubt(job bot.Job) bool { return job.Attempt > 1 || job.Beside }

// deployment is the rollout's deployment: as we remember it, as GitHub lists
// it, else a new one.
func (p *deploymentPerformer) deployment(ctx context.Context, e bot.MirrorRollout, job bot.Job) (d shown, err error) {
	remembered := []int64{p.c.made.get(known(e)), lastID(bot.Receipt{ID: job.Last.More})}
	if d.id = cmp.Or(remembered...); d.id == 0 || inDoubt(job) {
		d, err = p.one(ctx, e, remembered)
	}
	if d.id == 0 && err == nil {
		d.id, err = p.create(ctx, e)
	}
	if err != nil {
		return d, err
	}
	p.c.made.put(known(e), d.id)
	return d, nil
}

// create makes the deployment of exactly this commit: nothing is merged into
// it, and whether it may go is decided by our gates, not by GitHub's.
func (p *deploymentPerformer) create(ctx context.Context, e bot.MirrorRollout) (int64, error) {
	client, err := p.c.of(e.Repo)
	if err != nil {
		return 0, err
	}
	d, _, err := client.Repositories.CreateDeployment(ctx, e.Repo.Name.Owner(), e.Repo.Name.Name(), &gh.DeploymentRequest{
		Ref: gh.String(string(e.SHA)), Task: optional(e.Task), AutoMerge: gh.Bool(false), RequiredContexts: &[]string{},
		Payload: map[string]string{"roundtrip": e.Rollout}, Environment: gh.String(e.Environment),
		Description: optional(describe(e)), TransientEnvironment: gh.Bool(false), ProductionEnvironment: gh.Bool(e.Production),
	})
	switch {
	case err != nil:
		return 0, err
	case d.GetID() == 0:
		return 0, errors.New("GitHub made no deployment")
	}
	return d.GetID(), nil
}

func (p *deploymentPerformer) show(ctx context.Context, e bot.MirrorRollout, id int64) (bot.Receipt, error) {
	client, err := p.c.of(e.Repo)
	if err != nil {
		return bot.Receipt{}, err
	}
	s, _, err := client.Repositories.CreateDeploymentStatus(ctx, e.Repo.Name.Owner(), e.Repo.Name.Name(), id, &gh.DeploymentStatusRequest{
		State: gh.String(e.State), LogURL: optional(p.c.page(e.Rollout)), EnvironmentURL: optional(e.URL), Description: optional(describe(e)), AutoInactive: gh.Bool(false),
	})
	if err != nil {
		return bot.Receipt{}, err
	}
	return receipt(s.GetID(), strconv.FormatInt(id, 10), ""), nil
}

// page of a rollout; empty where nobody reaches our pages.
func (c *Client) page(rollout string) string {
	if c.o.Page == nil || rollout == "" {
		return ""
	}
	return c.o.Page(rollout)
}

// describe keeps to GitHub's 140 characters.
func describe(e bot.MirrorRollout) string {
	if utf8.RuneCountInString(e.Description) <= 140 {
		return e.Description
	}
	return string([]rune(e.Description)[:139]) + "…"
}
