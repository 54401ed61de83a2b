package github

import (
	"context"
	"errors"
	"fmt"
	pathpkg "path"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// mostAttributes is how many .gitattributes of a tree are read.
const mostAttributes = 20

// Attributes are the .gitattributes of a commit's tree. known are those of
// another: what is the same there is not read again. Errors: bot.Permanent
// where the tree is too large to list, or has too many of them.
func (c *Client) Attributes(ctx context.Context, repo bot.RepoRef, at bot.SHA, known []bot.AttributesFile) (all []bot.AttributesFile, err error) {
	doing := fmt.Sprintf("list the tree of %s at %s", repo.Name, at.Short())
	var tree struct {
		Tree []struct {
			Path string `json:"path"`
			Mode string `json:"mode"`
			Type string `json:"type"`
			SHA  string `json:"sha"`
		} `json:"tree"`
		Truncated bool `json:"truncated"`
	}
	if _, err := c.get(ctx, repo, path(repo, "git", "trees", string(at))+"?recursive=1", &tree); err != nil {
		return nil, readError(doing, err)
	}
	if tree.Truncated {
		return nil, bot.Permanent{Err: errors.New(doing + ": it is too large")}
	}
	for _, e := range tree.Tree {
		if pathpkg.Base(e.Path) != ".gitattributes" || e.Type != "blob" || e.Mode == "120000" {
			continue
		}
		f := bot.AttributesFile{Path: e.Path, ID: e.SHA}
		if i := slices.IndexFunc(known, func(k bot.AttributesFile) bool { return k.ID == e.SHA }); i >= 0 {
			f.Text = known[i].Text
		} else if len(all) >= mostAttributes {
			return nil, bot.Permanent{Err: fmt.Errorf("%s: it has more than %d .gitattributes", doing, mostAttributes)}
		} else {
			text, err := c.FileAt(ctx, repo, e.Path, at)
			if err != nil {
				return nil, err
			}
			f.Text = string(text)
		}
		all = append(all, f)
	}
	return all, nil
}
