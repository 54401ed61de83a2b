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

// DefaultBranch is the name of a repository's default branch.
func (c *Client) DefaultBranch(ctx context.Context, repo bot.RepoRef) (string, error) {
	doing := fmt.Sprintf("read the default branch of %s", repo.Name)
	var r wireRepo
	if _, err := c.get(ctx, repo, path(repo), &r); err != nil {
		return "", readError(doing, err)
	}
	if r.DefaultBranch == "" {
		return "", fmt.Errorf("%s: the answer names none", doing)
	}
	return r.DefaultBranch, nil
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
	if len(w.Parents) > 0 {
		c.Parent = bot.SHA(w.Parents[0].SHA)
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

// PushedAt is when a commit became a branch's head, by GitHub's clock, and who
// made it so. It is known only if that is the newest of what GitHub remembers
// of the branch: a head that went and came back is as new as its return, and
// of one that was there before nobody can say what was there since.
// A commit's own dates are its author's to choose and are never looked at.
func (c *Client) PushedAt(ctx context.Context, repo bot.RepoRef, branch string, head bot.SHA) (at time.Time, by bot.Login, known bool, err error) {
	type activity struct {
		After string   `json:"after"`
		Ref   string   `json:"ref"`
		At    stamp    `json:"timestamp"`
		Actor wireUser `json:"actor"`
	}
	ref := "refs/heads/" + branch
	var newest []activity
	_, err = c.get(ctx, repo, path(repo, "activity")+"?"+url.Values{"ref": {ref}, "direction": {"desc"}, "per_page": {"1"}}.Encode(), &newest)
	if err != nil {
		return at, "", false, readError(fmt.Sprintf("read when %s came to %s in %s", head.Short(), branch, repo.Name), err)
	}
	if len(newest) == 0 || newest[0].After != string(head) || newest[0].Ref != ref || newest[0].At.IsZero() {
		return at, "", false, nil
	}
	return newest[0].At.Time, bot.Login(newest[0].Actor.Login), true, nil
}
