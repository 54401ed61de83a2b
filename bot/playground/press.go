package playground

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// Press presses the button with a verb on the last message of a channel that
// has one, or on the first.
func (w *World) Press(ctx context.Context, name, channel, verb string, first bool) error {
	channel = strings.TrimPrefix(channel, "#")
	list := w.Slack.Messages(channel)
	if !first {
		slices.Reverse(list)
	}
	i := slices.IndexFunc(list, func(m fakeslack.Message) bool { return slices.Contains(verbsOf(m), verb) })
	if i < 0 {
		return fmt.Errorf("no message in #%s has a button %s", channel, verb)
	}
	return w.PressOn(ctx, name, channel, list[i].TS, verb)
}

// PressOn presses a button on one message.
func (w *World) PressOn(ctx context.Context, name, channel, ts, verb string) error {
	for _, p := range w.Slack.People() {
		if p.Name != name {
			continue
		}
		res, err := w.Slack.Press(ctx, p.ID, channel, ts, verb)
		if err == nil && res.Status != 200 {
			err = fmt.Errorf("the bot answered %d: %s", res.Status, res.Body)
		}
		return err
	}
	return fmt.Errorf("there is no %s in Slack", name)
}

// verbsOf are the buttons on a message.
func verbsOf(m fakeslack.Message) (verbs []string) {
	for _, b := range buttonsOf(m) {
		verbs = append(verbs, b.Verb)
	}
	return verbs
}

// drawn is a button as the page shows it.
type drawn struct {
	Verb, Label, Style, Confirm string
}

func buttonsOf(m fakeslack.Message) (list []drawn) {
	var blocks []struct {
		Elements []json.RawMessage `json:"elements"`
	}
	if json.Unmarshal(m.Blocks, &blocks) != nil {
		return nil // a message without blocks
	}
	for _, b := range blocks {
		for _, raw := range b.Elements {
			var e struct {
				Type     string `json:"type"`
				ActionID string `json:"action_id"`
				Style    string `json:"style"`
				Text     textOf `json:"text"`
				Confirm  struct {
					Text textOf `json:"text"`
				} `json:"confirm"`
			}
			// The elements of a context block are of another shape.
			if json.Unmarshal(raw, &e) == nil && e.Type == "button" {
				list = append(list, drawn{e.ActionID, e.Text.Text, e.Style, e.Confirm.Text.Text})
			}
		}
	}
	return list
}
