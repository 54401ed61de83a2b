package github

import (
	"context"
	"net/http"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// remove deletes something that we made. That it is gone already is no error.
func (c *Client) remove(ctx context.Context, repo bot.RepoRef, path string) error {
	client, err := c.of(repo)
	if err != nil {
		return err
	}
	req, err := client.NewRequest(http.MethodDelete, path, nil)
	if err != nil {
		return err
	}
	_, err = client.Do(ctx, req, nil)
	if err != nil && failureOf(err).status == http.StatusNotFound {
		return nil
	}
	return err
}
