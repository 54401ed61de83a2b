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
// place in its metadata, so that nothing is posted twice; and where somebody may
// have posted one beside us one of them stays.
func (m messages) Perform(ctx context.Context, job bot.Job) (bot.Receipt, error) {
	e, ok := job.Effect.(bot.KeepMessage)
	if !ok {
		return bot.Receipt{}, bot.Permanent{Err: fmt.Errorf("post to Slack: %T is no message", job.Effect)}
	}
	if !job.Beside {
		if r, done, err := m.edit(ctx, e, job.Last); done {
			return r, err
		}
	}
	parent, err := m.parent(ctx, e)
	if err != nil {
		return bot.Receipt{}, err
	}
	if job.Attempt > 1 || job.Beside {
		if r, done, err := m.keep(ctx, e, parent, job.Last); done || err != nil {
			return r, err
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
	found, err := m.find(ctx, of, bot.Receipt{})
	if err != nil || len(found) == 0 {
		return bot.Receipt{}, refusal("look for the thread of "+e.Place, err)
	}
	return found[0].Receipt, nil
}
