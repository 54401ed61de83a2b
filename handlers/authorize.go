package handlers

import (
	"context"
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// target is what somebody wants to do something to.
type target struct {
	repo  bot.RepoRef
	stage deploy.Stage
	role  bot.Role // that is asked for elsewhere than at the stage
}

// authorize is the one place that decides who may do what: every door, comment
// or chat, comes through here. GitHub is asked each time; what cannot be read
// is not allowed. Labels, branch names and texts never grant anything.
func (h *Handlers) authorize(ctx context.Context, actor bot.Person, verb string, t target) error {
	_, err := h.roleFor(ctx, actor, verb, t)
	return err
}

// roleFor is authorize, and the role by which the actor may.
func (h *Handlers) roleFor(ctx context.Context, actor bot.Person, verb string, t target) (bot.Role, error) {
	if actor.Bot {
		return 0, bot.Refusal{Message: "bots may not " + words.Code(verb), Advice: "Ask a person with the role `write` to write the command.", Puzzled: true}
	}
	if actor.Login == "" {
		return 0, bot.Refusal{
			Message: fmt.Sprintf("I do not know who you are on GitHub (%s), so nothing may be changed from here", actor.Name()),
			Advice:  "Ask whoever runs this server to add you to `people:` in its settings.",
			Puzzled: true,
		}
	}
	role, err := h.GitHub.Role(ctx, t.repo, actor.Login)
	if err != nil {
		return 0, fmt.Errorf("ask what %s may do in %s: %w", actor.Login, t.repo.Name, err)
	}
	if need := max(t.role, needs(verb, t.stage)); role < need {
		return 0, bot.Refusal{
			Message: fmt.Sprintf("%s needs the role `%s` in %s, and %s has `%s`", verb, need, t.repo.Name, actor.Name(), role),
			Advice:  "Ask somebody with that role to write the command.",
			Puzzled: true,
		}
	}
	return role, nil
}

// needs is the weakest role that may. Going back is wider than going on, on
// purpose; nothing that changes production is below write.
func needs(verb string, s deploy.Stage) bot.Role {
	switch verb {
	case "status", "help", "policy":
		return bot.RoleRead
	case "rollback", "abort":
		return max(bot.RoleWrite, s.Rollback.Role)
	}
	return max(bot.RoleWrite, s.Deploy.Role)
}
