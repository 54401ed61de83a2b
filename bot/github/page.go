package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// maxPages bounds a list: what is longer is an error, for half a list would
// pass for a whole one.
const maxPages = 50

var errTooLong = fmt.Errorf("more than %d pages", maxPages)

// path of something in a repository; parts are escaped.
func path(repo bot.RepoRef, parts ...string) string {
	p := "repos/" + url.PathEscape(repo.Name.Owner()) + "/" + url.PathEscape(repo.Name.Name())
	for _, s := range parts {
		p += "/" + url.PathEscape(s)
	}
	return p
}

// get reads one answer into v, which may be nil or an io.Writer.
func (c *Client) get(ctx context.Context, repo bot.RepoRef, path string, v any) (*gh.Response, error) {
	client, err := c.of(repo)
	if err != nil {
		return nil, err
	}
	req, err := client.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	return client.Do(ctx, req, v)
}

// pages reads a list to its end: page is given each answer's body and may
// stop early. The query may name a page to begin at; those before it count as
// read. Only the query of the next page's address is taken, so that no
// answer can send our token elsewhere.
func pages[T any](ctx context.Context, c *Client, repo bot.RepoRef, path string, query url.Values, page func(T) (more bool)) error {
	query.Set("per_page", "100")
	first, _ := strconv.Atoi(query.Get("page"))
	for range maxPages - max(first-1, 0) {
		var v T
		resp, err := c.get(ctx, repo, path+"?"+query.Encode(), &v)
		if err != nil {
			return err
		}
		if !page(v) {
			return nil
		}
		next, ok := nextQuery(resp.Header)
		if !ok {
			return nil
		}
		query = next
	}
	return fmt.Errorf("the list %s has %w", path, errTooLong)
}

var nextLink = regexp.MustCompile(`<([^<>]*)>\s*;[^<]*\brel="?next"?`)

func nextQuery(h http.Header) (url.Values, bool) {
	m := nextLink.FindStringSubmatch(strings.Join(h.Values("Link"), ", "))
	if m == nil {
		return nil, false
	}
	u, err := url.Parse(m[1])
	if err != nil || u.RawQuery == "" {
		return nil, false
	}
	return u.Query(), true
}
