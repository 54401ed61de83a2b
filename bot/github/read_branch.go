package github

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Head is the commit that a branch is at.
func (c *Client) Head(ctx context.Context, repo bot.RepoRef, branch string) (bot.SHA, error) {
	doing := fmt.Sprintf("read the head of %s in %s", branch, repo.Name)
	var b struct {
		Commit struct {
			SHA string `json:"sha"`
		} `json:"commit"`
	}
	if _, err := c.get(ctx, repo, path(repo, "branches", branch), &b); err != nil {
		return "", readError(doing, err)
	}
	head, err := sha(b.Commit.SHA)
	if err != nil {
		return "", fmt.Errorf("%s: %w", doing, err)
	}
	return head, nil
}

// wireCommit is a commit in answers.
type wireCommit struct {
	SHA    string `json:"sha"`
	Commit struct {
		Message string `json:"message"`
		Author  struct {
			Date stamp `json:"date"`
		} `json:"author"`
		Tree struct {
			SHA string `json:"sha"`
		} `json:"tree"`
	} `json:"commit"`
	Author  *wireUser `json:"author"` // null when the address belongs to no account
	Parents []struct {
		SHA string `json:"sha"`
	} `json:"parents"`
}

func (w wireCommit) commit() bot.Commit {
	c := bot.Commit{
		SHA: bot.SHA(w.SHA), Tree: w.Commit.Tree.SHA, Title: title(w.Commit.Message),
		Authored: w.Commit.Author.Date.Time, Parents: len(w.Parents),
	}
	if w.Author != nil {
		c.Author = bot.Login(w.Author.Login) // a bot's ends in "[bot]"
	}
	return c
}

// Compare are the commits that head has and base has not, oldest first. A
// list that is not whole is an error.
func (c *Client) Compare(ctx context.Context, repo bot.RepoRef, base, head bot.SHA) ([]bot.Commit, error) {
	doing := fmt.Sprintf("compare %s with %s in %s", base.Short(), head.Short(), repo.Name)
	type answer struct {
		Total   int          `json:"total_commits"`
		Commits []wireCommit `json:"commits"`
	}
	var found []bot.Commit
	total := 0
	err := pages(ctx, c, repo, path(repo, "compare", string(base)+"..."+string(head)), url.Values{"page": {"1"}}, func(a answer) bool {
		total = a.Total
		for _, w := range a.Commits {
			found = append(found, w.commit())
		}
		return true
	})
	if err = whole(err, len(found), total); err != nil {
		return nil, readError(doing, err)
	}
	return found, nil
}

// activityPages is how far back we look for a push: 1,000 activities of one
// branch.
const activityPages = 10

// PushedAt is when a commit became a branch's head, by GitHub's clock, and who
// made it so; the newest time if that was more than once; not known when GitHub
// does not say.
// A commit's own dates are its author's to choose and are never looked at.
func (c *Client) PushedAt(ctx context.Context, repo bot.RepoRef, branch string, head bot.SHA) (at time.Time, by bot.Login, known bool, err error) {
	type activity struct {
		After string   `json:"after"`
		Ref   string   `json:"ref"`
		At    stamp    `json:"timestamp"`
		Actor wireUser `json:"actor"`
	}
	ref := "refs/heads/" + branch
	seen := 0
	err = pages(ctx, c, repo, path(repo, "activity"), url.Values{"ref": {ref}, "direction": {"desc"}}, func(list []activity) bool {
		for _, a := range list {
			if a.After == string(head) && a.Ref == ref && a.At.After(at) {
				at, by = a.At.Time, bot.Login(a.Actor.Login)
			}
		}
		seen++
		return at.IsZero() && seen < activityPages
	})
	if err != nil {
		return at, "", false, readError(fmt.Sprintf("read when %s came to %s in %s", head.Short(), branch, repo.Name), err)
	}
	return at, by, !at.IsZero(), nil
}
