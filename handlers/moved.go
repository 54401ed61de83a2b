package handlers

import (
	"context"
	"errors"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// moved takes a push into what we know of a branch. A push that follows on
// what we know is believed. Any other (forced, out of order, after a loss, or
// a captured webhook that is sent again under a new id) is only a hint: the
// branch is where GitHub says that it is now.
func (h *Handlers) moved(ctx context.Context, b policies.Build, e bot.Pushed) (policies.Build, error) {
	if !b.Continues(e.Before, e.After, e.Forced) {
		head, err := h.GitHub.Head(ctx, e.Repo, e.Branch)
		if errors.Is(err, bot.ErrNotFound) {
			return b, nil // the branch is gone
		}
		if err != nil {
			return b, err
		}
		if late, ok := b.Between(e.Before, e.After, head); ok && !e.Forced {
			return asTold(late, e), nil
		}
		if head != e.After {
			return b.Pushed("", head, e.Forced), nil
		}
	}
	return asTold(b.Pushed(e.Before, e.After, e.Forced), e), nil
}

// asTold is a branch with what a push tells of its commits: one that came alone is
// the child of what was the head.
func asTold(b policies.Build, e bot.Pushed) policies.Build {
	b = b.WithTree(e.After, treeOf(e.Commits, e.After))
	if !e.Forced && len(e.Commits) == 1 {
		b = b.WithSteps(e.After, 1)
	}
	return b
}
