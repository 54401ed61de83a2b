package github

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Change is a pull request as it is now.
func (c *Client) Change(ctx context.Context, ref bot.ChangeRef) (bot.Change, error) {
	doing := fmt.Sprintf("read %s", ref)
	var p wirePull
	if _, err := c.get(ctx, ref.Repo, path(ref.Repo, "pulls", strconv.Itoa(ref.Number)), &p); err != nil {
		return bot.Change{}, readError(doing, err)
	}
	change, err := p.change(ref.Repo)
	if err != nil {
		return bot.Change{}, fmt.Errorf("%s: %w", doing, err)
	}
	return change, nil
}

// OpenChanges are the open pull requests to a branch, or all of them when
// base is empty, oldest first, without the first skip of them, a multiple of
// 100. A list brings no totals: HasTotals is false.
// With an error come those that were read before it, which pass for no whole
// list. Errors: bot.Permanent when the list is longer than what we read;
// bot.Away when it takes longer than Options.ListFor, while ctx lasts.
func (c *Client) OpenChanges(ctx context.Context, repo bot.RepoRef, base string, skip int) ([]bot.Change, error) {
	briefly, cancel := context.WithTimeout(ctx, c.o.ListFor)
	defer cancel()
	found, err := c.openChanges(briefly, repo, base, skip)
	if err != nil && briefly.Err() != nil && ctx.Err() == nil {
		err = bot.Away{Who: "GitHub", Err: fmt.Errorf("%s: GitHub took longer than %v", listing(repo), c.o.ListFor)}
	}
	return found, err
}

// Closed are the closed pull requests that were touched last, at most 100, the
// newest first; as in any list HasTotals is false.
func (c *Client) Closed(ctx context.Context, repo bot.RepoRef) (found []bot.Change, err error) {
	doing := fmt.Sprintf("list the closed changes of %s", repo.Name)
	q := url.Values{"state": {"closed"}, "sort": {"updated"}, "direction": {"desc"}, "per_page": {"100"}}
	var list []wirePull
	if _, err := c.get(ctx, repo, path(repo, "pulls")+"?"+q.Encode(), &list); err != nil {
		return nil, readError(doing, err)
	}
	for _, p := range list {
		if change, err := p.change(repo); err == nil { // one that is malformed hides no other
			found = append(found, change)
		}
	}
	return found, nil
}

func listing(repo bot.RepoRef) string { return fmt.Sprintf("list the open changes of %s", repo.Name) }

func (c *Client) openChanges(ctx context.Context, repo bot.RepoRef, base string, skip int) ([]bot.Change, error) {
	q := url.Values{"state": {"open"}, "sort": {"created"}, "direction": {"asc"}}
	if base != "" {
		q.Set("base", base)
	}
	if skip > 0 {
		q.Set("page", strconv.Itoa(skip/100+1))
	}
	var found []bot.Change
	var bad error
	err := pages(ctx, c, repo, path(repo, "pulls"), q, func(list []wirePull) bool {
		for _, p := range list {
			change, err := p.change(repo)
			if err != nil {
				bad = fmt.Errorf("%s: %w", listing(repo), err)
				continue
			}
			found = append(found, change)
		}
		return true
	})
	switch {
	case errors.Is(err, errTooLong):
		return found, bot.Permanent{Err: fmt.Errorf("%s: %w", listing(repo), err)}
	case err != nil:
		return found, readError(listing(repo), err)
	}
	return found, bad
}
