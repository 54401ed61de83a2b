package slack

import (
	"context"
	"errors"
	"fmt"

	api "github.com/slack-go/slack"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// messages keep one message of each place up to date. A receipt holds the
// message's timestamp and its channel's id.
type messages struct{ c *Client }

// Kind is bot.KeepMessage's.
func (messages) Kind() string { return bot.KeepMessage{}.Kind() }

// Perform edits the message that a receipt names; without one it posts. After
// an attempt whose answer was lost it looks for the message first, by the
// place in its metadata, so that nothing is posted twice.
func (m messages) Perform(ctx context.Context, job bot.Job) (bot.Receipt, error) {
	e, ok := job.Effect.(bot.KeepMessage)
	if !ok {
		return bot.Receipt{}, bot.Permanent{Err: fmt.Errorf("post to Slack: %T is no message", job.Effect)}
	}
	if job.Last.ID != "" {
		r, err := m.update(ctx, e, job.Last)
		if !isGone(err) {
			return r, refusal("edit a message in "+e.Channel, err)
		}
	}
	parent, err := m.parent(ctx, e)
	if err != nil {
		return bot.Receipt{}, err
	}
	if job.Attempt > 1 {
		if r, found, err := m.find(ctx, e, parent); err != nil || found {
			return r, refusal("look for a message in "+e.Channel, err)
		}
	}
	r, err := m.post(ctx, e, parent)
	return r, refusal("post to "+e.Channel, err)
}

func (m messages) update(ctx context.Context, e bot.KeepMessage, last bot.Receipt) (bot.Receipt, error) {
	channel, ts, _, err := m.c.api.UpdateMessageContext(ctx, last.More, last.ID, content(e)...)
	return bot.Receipt{ID: ts, More: channel}, err
}

func (m messages) post(ctx context.Context, e bot.KeepMessage, parent bot.Receipt) (bot.Receipt, error) {
	options := append(content(e), api.MsgOptionDisableLinkUnfurl(), api.MsgOptionDisableMediaUnfurl())
	channel := e.Channel
	if parent.ID != "" {
		options = append(options, api.MsgOptionTS(parent.ID))
		channel = parent.More
	}
	id, ts, err := m.c.api.PostMessageContext(ctx, channel, options...)
	return bot.Receipt{ID: ts, More: id}, err
}

// placeEvent names the metadata by which a message of ours is found again.
const placeEvent = "roundtrip_place"

func content(e bot.KeepMessage) []api.MsgOption {
	return []api.MsgOption{
		api.MsgOptionText(cut(e.Text, maxText), false), api.MsgOptionBlocks(blocks(e.Blocks)...),
		api.MsgOptionMetadata(api.SlackMetadata{EventType: placeEvent, EventPayload: map[string]any{"place": e.Place}}),
	}
}

// parent is the message whose thread e belongs to; zero for one of its own.
// The parent is performed before its replies, so without a receipt it failed:
// then what there is to say is said in the channel.
func (m messages) parent(ctx context.Context, e bot.KeepMessage) (bot.Receipt, error) {
	if e.Thread == "" {
		return bot.Receipt{}, nil
	}
	of := bot.KeepMessage{Channel: e.Channel, Place: e.Thread}
	r, _, err := m.c.receipts(ctx, of.Kind(), of.Key())
	if err != nil {
		return r, fmt.Errorf("look for the thread of %s: %w", e.Place, err)
	}
	return r, nil
}

// lookBack bounds how far a message is looked for, in messages: it was posted
// moments ago, or never.
const lookBack = 100

// find looks for a message of the place that an earlier attempt may have
// posted. In a channel whose history we may not read there is nothing to find.
func (m messages) find(ctx context.Context, e bot.KeepMessage, parent bot.Receipt) (bot.Receipt, bool, error) {
	list, channel, err := m.recent(ctx, e, parent)
	var refused api.SlackErrorResponse
	if errors.As(err, &refused) && (refused.Err == "missing_scope" || refused.Err == "channel_not_found" || refused.Err == "not_in_channel") {
		return bot.Receipt{}, false, nil
	}
	if err != nil {
		return bot.Receipt{}, false, err
	}
	for _, msg := range list {
		if msg.Metadata.EventType == placeEvent && msg.Metadata.EventPayload["place"] == e.Place {
			return bot.Receipt{ID: msg.Timestamp, More: channel}, true, nil
		}
	}
	return bot.Receipt{}, false, nil
}

func (m messages) recent(ctx context.Context, e bot.KeepMessage, parent bot.Receipt) ([]api.Message, string, error) {
	if parent.ID != "" {
		list, _, _, err := m.c.api.GetConversationRepliesContext(ctx, &api.GetConversationRepliesParameters{
			ChannelID: parent.More, Timestamp: parent.ID, Limit: lookBack, IncludeAllMetadata: true,
		})
		return list, parent.More, err
	}
	channel, err := m.channelID(ctx, e.Channel)
	if err != nil || channel == "" {
		return nil, "", err
	}
	h, err := m.c.api.GetConversationHistoryContext(ctx, &api.GetConversationHistoryParameters{
		ChannelID: channel, Limit: lookBack, IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, "", err
	}
	return h.Messages, channel, nil
}

// channelID finds the id of "#shop"; history is read by id alone. It is asked
// for only after a lost answer.
func (m messages) channelID(ctx context.Context, name string) (string, error) {
	if len(name) == 0 || name[0] != '#' {
		return name, nil
	}
	cursor := ""
	for range 50 {
		list, next, err := m.c.api.GetConversationsContext(ctx, &api.GetConversationsParameters{
			Cursor: cursor, ExcludeArchived: true, Limit: 200, Types: []string{"public_channel", "private_channel"},
		})
		if err != nil {
			return "", err
		}
		for _, c := range list {
			if "#"+c.Name == name {
				return c.ID, nil
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	return "", nil
}
