package handlers

import (
	"context"
	"fmt"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// heardDoc remembers that a comment was taken as a command, and with which
// delivery. GitHub signs what it sends and not the id it sends it under, so a
// captured comment could come again as if it were new.
type heardDoc struct {
	bot.Version
	Repo     bot.RepoRef `json:"repo"`
	Comment  int64       `json:"comment"`
	Delivery string      `json:"delivery"`
}

func (d heardDoc) DocKey() string { return fmt.Sprintf("heard/%s/%d", d.Repo.Key(), d.Comment) }

// again reports whether a comment has been heard before, under another id, and
// remembers one that has not. Slack's requests need no such memory: their
// trigger is their delivery id.
func (h *Handlers) again(ctx context.Context, d bot.Delivery[bot.CommandGiven], plan *bot.Plan) (bool, error) {
	if d.Event.From != bot.FromComment {
		return false, nil
	}
	doc := heardDoc{Repo: d.Event.Ref.Repo, Comment: d.Event.Comment, Delivery: d.ID}
	found, err := h.Store.Doc(ctx, doc.DocKey(), &doc)
	if err != nil || found {
		return found && doc.Delivery != d.ID, err
	}
	plan.Keep(doc)
	return false, nil
}
