package slack

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	api "github.com/slack-go/slack"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// lookBack bounds how far a message is looked for, in messages: it was posted
// moments ago, or never.
const lookBack = 100

// posted is a message of ours that was found.
type posted struct {
	bot.Receipt
	by       string // a bot's id
	answered bool   // there are replies to it
}

// find looks for our messages of the place that earlier attempts, or somebody
// beside us, may have posted: first the one to keep, which is the oldest of those
// that were replied to, else the oldest. In a channel whose history we may not
// read there is nothing to find.
func (m messages) find(ctx context.Context, e bot.KeepMessage, parent bot.Receipt) (found []posted, err error) {
	list, channel, err := m.recent(ctx, e, parent)
	var refused api.SlackErrorResponse
	if errors.As(err, &refused) && (refused.Err == "missing_scope" || refused.Err == "channel_not_found" || refused.Err == "not_in_channel") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, msg := range list {
		if msg.Metadata.EventType == placeEvent && msg.Metadata.EventPayload["place"] == e.Place {
			found = append(found, posted{bot.Receipt{ID: msg.Timestamp, More: channel}, msg.BotID, msg.ReplyCount > 0})
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	self, err := m.c.self(ctx)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(p posted) bool { return p.by != self })
	slices.SortFunc(found, func(a, b posted) int {
		if a.answered != b.answered {
			return map[bool]int{true: -1, false: 1}[a.answered]
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return found, nil
}

// keep makes one message of the place say what e says and takes away those that
// stand beside it, or the receipt says why not, save what was replied to:
// nobody's words lose what they are about. It is not done when there is none.
func (m messages) keep(ctx context.Context, e bot.KeepMessage, parent, last bot.Receipt) (r bot.Receipt, done bool, err error) {
	found, err := m.find(ctx, e, parent)
	if err != nil {
		return r, false, refusal("look for a message in "+e.Channel, err)
	}
	if last.ID != "" && !slices.ContainsFunc(found, func(p posted) bool { return p.ID == last.ID }) {
		found = append([]posted{{Receipt: last}}, found...) // it stands further back than we look, or is gone
	}
	for i, p := range found {
		if r, done, err = m.edit(ctx, e, p.Receipt); done {
			if err == nil {
				r.Twice, err = m.remove(ctx, e.Channel, found[i+1:])
			}
			return r, true, err
		}
	}
	return bot.Receipt{}, false, nil
}

// remove passes over what is gone. What Slack would refuse again to delete
// stays, and it says why.
func (m messages) remove(ctx context.Context, channel string, surplus []posted) (stay string, err error) {
	var why []string
	for _, p := range surplus {
		if p.answered {
			continue
		}
		_, _, err := m.c.api.DeleteMessageContext(ctx, p.More, p.ID)
		if isGone(err) {
			continue
		}
		err = refusal("delete what is there twice in "+channel, err)
		if errors.As(err, &bot.Permanent{}) {
			why = append(why, err.Error())
		} else if err != nil {
			return "", err
		}
	}
	return strings.Join(why, "; "), nil
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
