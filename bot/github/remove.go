package github

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

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
	if missing(err) {
		return nil
	}
	return err
}

func missing(err error) bool { return err != nil && failureOf(err).status == http.StatusNotFound }

// staying takes a refusal to remove something, which would be refused again,
// for the reason why it stays there twice. Any other error may heal.
func staying(doing string, err error) (why string, _ error) {
	if refused := writeError(doing, err); errors.As(refused, &bot.Permanent{}) {
		return refused.Error(), nil
	}
	return "", err
}

// joined are the reasons that there are, in one line.
func joined(reasons ...string) string {
	return strings.Join(slices.DeleteFunc(reasons, func(s string) bool { return s == "" }), "; ")
}
