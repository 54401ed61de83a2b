package fakeslack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
)

// ErrNoButton is of a press on a message without that button.
var ErrNoButton = errors.New("no such button")

// button is an element that can be pressed.
type button struct {
	Type     string          `json:"type"`
	ActionID string          `json:"action_id"`
	Value    string          `json:"value"`
	Text     json.RawMessage `json:"text,omitempty"`
	blockID  string
}

// Press presses the button with an action id on a message of a channel. There
// must be such a message and such a button on it.
func (s *Server) Press(ctx context.Context, userID, channelID, ts, actionID string) (Response, error) {
	return s.press(ctx, userID, channelID, ts, actionID, false, nil)
}

// PressOld presses a button as it was before the message was last edited: what
// people look at may be older than what is there.
func (s *Server) PressOld(ctx context.Context, userID, channelID, ts, actionID string) (Response, error) {
	return s.press(ctx, userID, channelID, ts, actionID, true, nil)
}

// PressOther presses a button as another version of the app would have drawn
// it: with another action id or value. What is empty stays.
func (s *Server) PressOther(ctx context.Context, userID, channelID, ts, actionID, otherID, otherValue string) (Response, error) {
	return s.press(ctx, userID, channelID, ts, actionID, false, func(b *button) {
		b.ActionID, b.Value = cmp.Or(otherID, b.ActionID), cmp.Or(otherValue, b.Value)
	})
}

func (s *Server) press(ctx context.Context, userID, channelID, ts, actionID string, old bool, redraw func(*button)) (Response, error) {
	person, c, err := s.who(userID, channelID)
	if err != nil {
		return Response{}, fmt.Errorf("press %s: %w", actionID, err)
	}
	message, versions, err := s.pressed(c.ID, userID, ts)
	if err != nil {
		return Response{}, fmt.Errorf("press %s: %w", actionID, err)
	}
	if last := len(versions) - 1; old {
		versions = versions[:last]
	} else {
		versions = versions[last:]
	}
	b, ok := button{}, false
	for i := len(versions) - 1; i >= 0 && !ok; i-- {
		b, ok = findButton(versions[i], actionID)
	}
	if !ok {
		return Response{}, fmt.Errorf("press %s: %w on message %s", actionID, ErrNoButton, ts)
	}
	if redraw != nil {
		redraw(&b)
	}
	id, trigger, responseURL := s.openResponse(c.ID, userID, ts)
	payload := s.pressPayload(person, c, message, b)
	payload["trigger_id"], payload["response_url"] = trigger, responseURL
	res, err := s.send(ctx, s.urls().InteractionsURL, url.Values{"payload": {string(rawOf(payload))}})
	res.ID = id
	if err != nil {
		return res, fmt.Errorf("press %s: %w", actionID, err)
	}
	return res, nil
}

// pressed finds the message in the channel, or among what the person alone
// sees, with all blocks that it ever had, the newest last.
func (s *Server) pressed(channel, user, ts string) (fields, []json.RawMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.findChannel(channel)
	if m := c.find(ts); m != nil {
		return c.wire(m, true), append(slices.Clone(m.Before), m.Blocks), nil
	}
	for _, m := range s.whispers {
		if m.TS == ts && m.To == user {
			return wireWhisper(m), append(slices.Clone(m.Before), m.Blocks), nil
		}
	}
	return nil, nil, fmt.Errorf("no message %s", ts)
}

// findButton looks through actions and the accessories of sections.
func findButton(raw json.RawMessage, actionID string) (button, bool) {
	var blocks []struct {
		BlockID   string   `json:"block_id"`
		Elements  []button `json:"elements"`
		Accessory button   `json:"accessory"`
	}
	// Elements of blocks without buttons have other shapes; what decoded
	// before an error is all the same what we look for.
	_ = json.Unmarshal(raw, &blocks)
	for i, b := range blocks {
		for _, e := range append(b.Elements, b.Accessory) {
			if e.Type == "button" && e.ActionID == actionID {
				e.blockID = b.BlockID
				if e.blockID == "" {
					e.blockID = fmt.Sprintf("b%d", i+1)
				}
				return e, true
			}
		}
	}
	return button{}, false
}

func (s *Server) pressPayload(p Person, c Channel, message fields, b button) fields {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fields{
		"type": "block_actions", "api_app_id": AppID, "token": "deprecated",
		"team":    fields{"id": TeamID, "domain": s.opts.TeamDomain},
		"user":    fields{"id": p.ID, "username": p.Name, "name": p.Name, "team_id": TeamID},
		"channel": fields{"id": c.ID, "name": c.Name},
		"container": fields{
			"type": "message", "message_ts": message["ts"], "channel_id": c.ID, "is_ephemeral": message["is_ephemeral"] == true,
		},
		"message": message, "state": fields{"values": fields{}}, "enterprise": nil, "is_enterprise_install": false,
		"actions": []fields{{
			"type": "button", "action_id": b.ActionID, "block_id": b.blockID, "value": b.Value,
			"text": b.Text, "action_ts": s.nextTS(),
		}},
	}
}
