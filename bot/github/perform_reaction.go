package github

import (
	"context"
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// reactionPerformer puts reactions on comments. GitHub answers 200 when we
// put the same there before, so that nothing needs to be looked for.
type reactionPerformer struct{ c *Client }

// Kind is bot.React's.
func (*reactionPerformer) Kind() string { return bot.React{}.Kind() }

// Perform puts the reaction there.
func (p *reactionPerformer) Perform(ctx context.Context, job bot.Job) (bot.Receipt, error) {
	e, ok := job.Effect.(bot.React)
	if !ok {
		return bot.Receipt{}, wrongKind(p, job.Effect)
	}
	doing := fmt.Sprintf("react with %s to comment %d of %s", e.Reaction, e.Comment, e.Repo.Name)
	client, err := p.c.of(e.Repo)
	if err != nil {
		return bot.Receipt{}, err
	}
	r, _, err := client.Reactions.CreateIssueCommentReaction(ctx, e.Repo.Name.Owner(), e.Repo.Name.Name(), e.Comment, e.Reaction)
	if err != nil {
		return bot.Receipt{}, writeError(doing, err)
	}
	return receipt(r.GetID(), "", ""), nil
}
