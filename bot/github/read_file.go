package github

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// maxFile bounds a settings file, in bytes. GitHub gives files up to 1 MB in
// this way.
const maxFile = 1 << 20

// File is a file of the default branch, as it is. It returns bot.ErrNotFound
// only when GitHub itself says that there is none, not when we could not ask,
// and bot.Permanent when it is too large or no file.
func (c *Client) File(ctx context.Context, repo bot.RepoRef, name string) ([]byte, error) {
	return c.file(ctx, repo, name, "")
}

// FileAt is the file as it is at a commit, also at one of a fork's that a
// change brings: GitHub keeps those with the repository that it is for.
func (c *Client) FileAt(ctx context.Context, repo bot.RepoRef, name string, at bot.SHA) ([]byte, error) {
	return c.file(ctx, repo, name, "?ref="+url.QueryEscape(string(at)))
}

func (c *Client) file(ctx context.Context, repo bot.RepoRef, name, query string) ([]byte, error) {
	doing := fmt.Sprintf("read %s of %s", name, repo.Name)
	client, err := c.of(repo)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	req, err := client.NewRequest(http.MethodGet, path(repo, append([]string{"contents"}, strings.Split(name, "/")...)...)+query, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	req.Header.Set("Accept", "application/vnd.github.raw+json")
	text := capped{most: maxFile}
	resp, err := client.Do(ctx, req, &text)
	if err != nil {
		return nil, readError(doing, err)
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind == "application/json" {
		return nil, bot.Permanent{Err: fmt.Errorf("%s: it is no file", doing)} // a directory is listed
	}
	return text.text.Bytes(), nil
}

// capped refuses to hold more than most bytes. The buffer is no embedded one:
// io.Copy would go around the limit.
type capped struct {
	text bytes.Buffer
	most int
}

// Write implements io.Writer.
func (c *capped) Write(p []byte) (int, error) {
	if c.text.Len()+len(p) > c.most {
		return 0, bot.Permanent{Err: errors.New("the file is too large")}
	}
	return c.text.Write(p)
}
