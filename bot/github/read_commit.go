package github

import (
	"context"
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// CommitFiles are the files of a commit beside its parent. whole says that they
// have all the lines that GitHub counts of it: what has more files than one
// answer holds, or patches that GitHub leaves out, is none to plan with.
func (c *Client) CommitFiles(ctx context.Context, repo bot.RepoRef, at bot.SHA) (files []bot.ChangedFile, whole bool, err error) {
	var commit struct {
		Stats struct {
			Added   int `json:"additions"`
			Deleted int `json:"deletions"`
		} `json:"stats"`
		Files []wireFile `json:"files"`
	}
	if _, err := c.get(ctx, repo, path(repo, "commits", string(at))+"?per_page=300", &commit); err != nil {
		return nil, false, readError(fmt.Sprintf("read the files of %s in %s", at.Short(), repo.Name), err)
	}
	for _, f := range commit.Files {
		files = append(files, f.changed())
	}
	return files, len(files) < 300 && linesOf(commit.Files) == commit.Stats.Added+commit.Stats.Deleted, nil
}
