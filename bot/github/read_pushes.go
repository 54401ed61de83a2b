package github

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

const (
	// manyPushes are told one by one; what came before them is told as one.
	manyPushes = 10
	// mostPaths is where GitHub ends the files of a comparison.
	mostPaths = 300
)

// wirePush is a push as GitHub remembers it.
type wirePush struct {
	Before string   `json:"before"`
	After  string   `json:"after"`
	Ref    string   `json:"ref"`
	Kind   string   `json:"activity_type"`
	Actor  wireUser `json:"actor"`
}

// Pushes are those to a branch after the one that made known its head, oldest
// first, as their webhooks would tell of them; none when known is still the
// head. Of a GitHub that does not remember them, or not so far back, the first
// goes from known to where its memory begins. Where it does not say which files
// a push touched, every path in any is named: it may have been one of them.
func (c *Client) Pushes(ctx context.Context, repo bot.RepoRef, branch string, known bot.SHA, any ...string) ([]bot.Pushed, error) {
	head, err := c.Head(ctx, repo, branch)
	if err != nil || head == known {
		return nil, err
	}
	moves, err := c.moves(ctx, repo, branch, head, known)
	if err != nil {
		return nil, err
	}
	var pushes []bot.Pushed
	for _, m := range moves {
		p := bot.Pushed{
			Repo: repo, Branch: branch, Before: bot.SHA(m.Before), After: bot.SHA(m.After), Forced: m.Kind == "force_push", By: m.Actor.person(),
		}
		if err := c.fill(ctx, &p, any); err != nil {
			return pushes, err
		}
		pushes = append(pushes, p)
	}
	return pushes, nil
}

// moves of a branch from known to head, oldest first.
func (c *Client) moves(ctx context.Context, repo bot.RepoRef, branch string, head, known bot.SHA) ([]wirePush, error) {
	ref := "refs/heads/" + branch
	var list []wirePush
	q := url.Values{"ref": {ref}, "direction": {"desc"}, "per_page": {"100"}}
	_, err := c.get(ctx, repo, path(repo, "activity")+"?"+q.Encode(), &list)
	if err = readError(fmt.Sprintf("list the pushes to %s in %s", branch, repo.Name), err); err != nil && !errors.Is(err, bot.ErrNotFound) {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(m wirePush) bool {
		return m.Ref != ref || !commitID.MatchString(m.Before) || !commitID.MatchString(m.After)
	})
	if i := slices.IndexFunc(list, func(m wirePush) bool { return m.After == string(known) }); i >= 0 {
		list = list[:i]
	}
	list = list[:min(len(list), manyPushes)]
	slices.Reverse(list)
	if len(list) == 0 || list[len(list)-1].After != string(head) {
		return []wirePush{{Before: string(known), After: string(head)}}, nil
	}
	if list[0].Before != string(known) && known != "" {
		list = slices.Insert(list, 0, wirePush{Before: string(known), After: list[0].Before})
	}
	return list, nil
}

// fill in what a push brought: its commits, the paths that they touch, and
// whether it took any off the branch.
func (c *Client) fill(ctx context.Context, p *bot.Pushed, any []string) error {
	var a struct {
		Status  string       `json:"status"`
		Total   int          `json:"total_commits"`
		Commits []wireCommit `json:"commits"`
		Files   []wireFile   `json:"files"`
	}
	_, err := c.get(ctx, p.Repo, path(p.Repo, "compare", string(p.Before)+"..."+string(p.After))+"?per_page=100", &a)
	err = readError(fmt.Sprintf("compare %s with %s in %s", p.Before.Short(), p.After.Short(), p.Repo.Name), err)
	if errors.Is(err, bot.ErrNotFound) { // they have nothing in common, or one of them is gone
		p.Forced, p.Paths = true, any
		return nil
	}
	if err != nil {
		return err
	}
	p.Forced = p.Forced || a.Status == "diverged" || a.Status == "behind"
	for _, w := range a.Commits {
		p.Commits = append(p.Commits, w.commit())
	}
	for _, f := range a.Files {
		p.Paths = append(p.Paths, f.Name)
	}
	if len(a.Files) >= mostPaths || len(a.Commits) < a.Total {
		p.Paths = append(p.Paths, any...)
	}
	if n := len(p.Commits); n > 0 {
		p.At = p.Commits[n-1].Authored
	}
	return nil
}
