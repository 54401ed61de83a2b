package github

import (
	"context"
	"errors"
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Role is what somebody may do in a repository. A custom role counts as the
// base role that GitHub gives as its permission; whom GitHub does not know
// has no role.
func (c *Client) Role(ctx context.Context, repo bot.RepoRef, login bot.Login) (bot.Role, error) {
	if login == "" {
		return bot.RoleNone, nil
	}
	var p struct {
		Permission string `json:"permission"`
		RoleName   string `json:"role_name"`
	}
	_, err := c.get(ctx, repo, path(repo, "collaborators", string(login), "permission"), &p)
	if err = readError(fmt.Sprintf("read the role of %s in %s", login, repo.Name), err); err != nil {
		if errors.Is(err, bot.ErrNotFound) {
			return bot.RoleNone, nil
		}
		return bot.RoleNone, err
	}
	if role := bot.ParseRole(p.RoleName); role != bot.RoleNone {
		return role, nil
	}
	return bot.ParseRole(p.Permission), nil
}
