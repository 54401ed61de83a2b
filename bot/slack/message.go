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
	if r, done, err := m.edit(ctx, e, job.Last); done {
		return r, err
	}
	parent, err := m.parent(ctx, e)
	if err != nil {
		return bot.Receipt{}, err
	}
	if job.Attempt > 1 {
		found, err := m.find(ctx, e, parent)
		if err != nil {
			return found, refusal("look for a message in "+e.Channel, err)
		}
		if r, done, err := m.edit(ctx, e, found); done {
			return r, err // an earlier attempt may have said something older
		}
	}
	r, err := m.post(ctx, e, parent)
	if parent.ID != "" && isGone(err) {
		r, err = m.post(ctx, e, bot.Receipt{}) // nobody sees the thread any more
	}
	return r, refusal("post to "+e.Channel, err)
}

// edit is not done when there is no message to edit, or none any more.
func (m messages) edit(ctx context.Context, e bot.KeepMessage, last bot.Receipt) (bot.Receipt, bool, error) {
	if last.ID == "" {
		return last, false, nil
	}
	r, err := m.update(ctx, e, last)
	return r, !isGone(err), refusal("edit a message in "+e.Channel, err)
}

func (m messages) update(ctx context.Context, e bot.KeepMessage, last bot.Receipt) (bot.Receipt, error) {
	channel, ts, _, err := m.c.api.UpdateMessageContext(ctx, last.More, last.ID, content(e)...)
	return receipt(channel, ts, err)
}

func (m messages) post(ctx context.Context, e bot.KeepMessage, parent bot.Receipt) (bot.Receipt, error) {
	options := append(content(e), api.MsgOptionDisableLinkUnfurl(), api.MsgOptionDisableMediaUnfurl())
	channel := e.Channel
	if parent.ID != "" {
		options = append(options, api.MsgOptionTS(parent.ID))
		channel = parent.More
	}
	id, ts, err := m.c.api.PostMessageContext(ctx, channel, options...)
	return receipt(id, ts, err)
}

// receipt of an answer. What stands between Slack and us may answer too, with
// neither yes nor no: that is an error.
func receipt(channel, ts string, err error) (bot.Receipt, error) {
	if err != nil {
		return bot.Receipt{}, err
	}
	if channel == "" || ts == "" {
		return bot.Receipt{}, errors.New("the answer names no message")
	}
	return bot.Receipt{ID: ts, More: channel}, nil
}

// placeEvent names the metadata by which a message of ours is found again.
const placeEvent = "roundtrip_place"

func content(e bot.KeepMessage) []api.MsgOption {
	return []api.MsgOption{
		api.MsgOptionText(cutMarkup(e.Text, maxText), false), api.MsgOptionBlocks(blocks(e.Blocks)...),
		api.MsgOptionParse(false), // nothing becomes a link or a mention by its looks
		api.MsgOptionMetadata(api.SlackMetadata{EventType: placeEvent, EventPayload: map[string]any{"place": e.Place}}),
	}
}

// parent is the message whose thread e belongs to; zero for one of its own.
// The parent is performed before its replies; if there is neither a receipt nor
// a trace of it, it failed: then what there is to say is said in the channel.
func (m messages) parent(ctx context.Context, e bot.KeepMessage) (bot.Receipt, error) {
	if e.Thread == "" {
		return bot.Receipt{}, nil
	}
	of := bot.KeepMessage{Channel: e.Channel, Place: e.Thread}
	r, _, err := m.c.receipts(ctx, of.Kind(), of.Key())
	if err != nil {
		return r, fmt.Errorf("look for the thread of %s: %w", e.Place, err)
	}
	if r.ID != "" {
		return r, nil
	}
	r, err = m.find(ctx, of, bot.Receipt{})
	return r, refusal("look for the thread of "+e.Place, err)
}

// lookBack bounds how far a message is looked for, in messages: it was posted
// moments ago, or never.
const lookBack = 100

// find looks for a message of the place that an earlier attempt may have
// posted; zero when there is none. In a channel whose history we may not read
// there is nothing to find.
func (m messages) find(ctx context.Context, e bot.KeepMessage, parent bot.Receipt) (bot.Receipt, error) {
	list, channel, err := m.recent(ctx, e, parent)
	var refused api.SlackErrorResponse
	if errors.As(err, &refused) && (refused.Err == "missing_scope" || refused.Err == "channel_not_found" || refused.Err == "not_in_channel") {
		return bot.Receipt{}, nil
	}
	if err != nil {
		return bot.Receipt{}, err
	}
	for _, msg := range list {
		if msg.Metadata.EventType == placeEvent && msg.Metadata.EventPayload["place"] == e.Place {
			return bot.Receipt{ID: msg.Timestamp, More: channel}, nil
		}
	}
	return bot.Receipt{}, nil
}

// recent is where the message would stand: in its thread, else in the channel.
// A reply to what was deleted stands in the channel too.
func (m messages) recent(ctx context.Context, e bot.KeepMessage, parent bot.Receipt) ([]api.Message, string, error) {
	if parent.ID != "" {
		if list, err := m.replies(ctx, parent); !isGone(err) {
			return list, parent.More, err
		}
	}
	channel, err := parent.More, error(nil)
	if channel == "" {
		channel, err = m.channelID(ctx, e.Channel)
	}
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

// replies of a thread. Slack lists the oldest first, and ours is the newest.
func (m messages) replies(ctx context.Context, parent bot.Receipt) (all []api.Message, err error) {
	cursor := ""
	for range 10 {
		list, more, next, err := m.c.api.GetConversationRepliesContext(ctx, &api.GetConversationRepliesParameters{
			ChannelID: parent.More, Timestamp: parent.ID, Cursor: cursor, Limit: lookBack, IncludeAllMetadata: true,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
		if cursor = next; !more || cursor == "" {
			break
		}
	}
	return all, nil
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
