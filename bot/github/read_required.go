package github

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// RequiredChecks are the names of the checks without which nothing may be
// merged into the branch: by classic protection and by rulesets, together,
// sorted. Where one of the two is not available the other decides; when
// neither is, that is an error, for "nothing is required" must be known.
func (c *Client) RequiredChecks(ctx context.Context, repo bot.RepoRef, branch string) ([]string, error) {
	doing := fmt.Sprintf("read which checks %s of %s requires", branch, repo.Name)
	names := map[string]bool{}
	classic, err := available(doing, c.classic(ctx, repo, branch, names))
	if err != nil {
		return nil, err
	}
	rules, err := available(doing, c.rules(ctx, repo, branch, names))
	if err != nil {
		return nil, err
	}
	if !classic && !rules {
		return nil, fmt.Errorf("%s: neither protection nor rulesets can be read: %w", doing, bot.ErrNotFound)
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// available tells "not to be had here" (404, 403) from a failed read.
func available(doing string, err error) (bool, error) {
	if err == nil {
		return true, nil
	}
	err = readError(doing, err)
	var limited bot.RetryAfter
	var f failure
	if !errors.As(err, &limited) && errors.As(err, &f) && !f.minting && (f.status == http.StatusNotFound || f.status == http.StatusForbidden) {
		return false, nil
	}
	return false, err
}

// classic protection is read through the branch: that needs no more than
// reading contents.
func (c *Client) classic(ctx context.Context, repo bot.RepoRef, branch string, names map[string]bool) error {
	var b struct {
		Protection struct {
			Required *struct {
				Level    string   `json:"enforcement_level"`
				Contexts []string `json:"contexts"`
				Checks   []struct {
					Context string `json:"context"`
				} `json:"checks"`
			} `json:"required_status_checks"`
		} `json:"protection"`
	}
	if _, err := c.get(ctx, repo, path(repo, "branches", branch), &b); err != nil {
		return err
	}
	r := b.Protection.Required
	if r == nil || r.Level == "off" {
		return nil
	}
	for _, name := range r.Contexts {
		names[name] = true
	}
	for _, check := range r.Checks {
		names[check.Context] = true
	}
	return nil
}

// rules of rulesets; kinds that we do not know are passed over, for GitHub
// adds new ones.
func (c *Client) rules(ctx context.Context, repo bot.RepoRef, branch string, names map[string]bool) error {
	type rule struct {
		Type       string `json:"type"`
		Parameters struct {
			Required []struct {
				Context string `json:"context"`
			} `json:"required_status_checks"`
		} `json:"parameters"`
	}
	return pages(ctx, c, repo, path(repo, "rules", "branches", branch), url.Values{}, func(list []rule) bool {
		for _, r := range list {
			if r.Type != "required_status_checks" {
				continue
			}
			for _, check := range r.Parameters.Required {
				names[check.Context] = true
			}
		}
		return true
	})
}
