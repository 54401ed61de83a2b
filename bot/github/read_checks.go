package github

import (
	"context"
	"fmt"
	"net/url"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Checks are the newest runs of other people's checks on a commit and its
// statuses; our own are left out. A list that is not whole is an error.
func (c *Client) Checks(ctx context.Context, repo bot.RepoRef, head bot.SHA) ([]bot.CheckRun, error) {
	doing := fmt.Sprintf("read the checks of %s in %s", head.Short(), repo.Name)
	var found []bot.CheckRun
	runs, err := c.runs(ctx, repo, head, url.Values{})
	if err != nil {
		return nil, readError(doing, err)
	}
	for _, r := range runs {
		if r.App.ID == c.o.AppID {
			continue
		}
		run, err := r.run()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", doing, err)
		}
		found = append(found, run)
	}
	statuses, err := c.statuses(ctx, repo, head)
	if err != nil {
		return nil, readError(doing, err)
	}
	for _, s := range statuses {
		found = append(found, s.run(head))
	}
	return found, nil
}

// runs of a commit, the latest of each name.
func (c *Client) runs(ctx context.Context, repo bot.RepoRef, head bot.SHA, q url.Values) (runs []wireRun, err error) {
	q.Set("filter", "latest")
	type answer struct {
		Total int       `json:"total_count"`
		Runs  []wireRun `json:"check_runs"`
	}
	total := 0
	err = pages(ctx, c, repo, path(repo, "commits", string(head), "check-runs"), q, func(a answer) bool {
		total, runs = a.Total, append(runs, a.Runs...)
		return true
	})
	return runs, whole(err, len(runs), total)
}

// statuses of a commit, the latest of each context.
func (c *Client) statuses(ctx context.Context, repo bot.RepoRef, head bot.SHA) (found []wireStatus, err error) {
	type answer struct {
		Total    int          `json:"total_count"`
		Statuses []wireStatus `json:"statuses"`
	}
	total := 0
	err = pages(ctx, c, repo, path(repo, "commits", string(head), "status"), url.Values{}, func(a answer) bool {
		total, found = a.Total, append(found, a.Statuses...)
		return true
	})
	return found, whole(err, len(found), total)
}

// whole refuses a list that is shorter than GitHub says it is.
func whole(err error, got, total int) error {
	if err == nil && got < total {
		return fmt.Errorf("GitHub gave %d of %d", got, total)
	}
	return err
}
