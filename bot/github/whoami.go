package github

import (
	"context"
	"errors"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// App is what we are called on GitHub: the app's slug and the login under
// which it writes, "roundtrip[bot]". It proves the app's id and key.
func (c *Client) App(ctx context.Context) (slug string, login bot.Login, err error) {
	var app struct {
		Slug string `json:"slug"`
	}
	if _, err := c.asApp(ctx, "app", "", &app); err != nil {
		return "", "", readError("ask GitHub who we are", err)
	}
	if app.Slug == "" {
		return "", "", errors.New("ask GitHub who we are: the answer has no slug")
	}
	return app.Slug, bot.Login(app.Slug + "[bot]"), nil
}

// self is the login under which we write, asked once if it was not given.
func (c *Client) self(ctx context.Context) (bot.Login, error) {
	c.mu.Lock()
	login := c.login
	c.mu.Unlock()
	if login != "" {
		return login, nil
	}
	_, login, err := c.App(ctx)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.login = login
	return login, nil
}
