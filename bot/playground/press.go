package playground

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// Press presses the button with a verb on the last message of a channel that
// has one, or on the first.
func (w *World) Press(ctx context.Context, name, channel, verb string, first bool) error {
	m, err := w.find(channel, verb, first, func(m fakeslack.Message) bool { return slices.Contains(verbsOf(m.Blocks), verb) })
	if err != nil {
		return err
	}
	return w.PressOn(ctx, name, channel, m.TS, verb)
}

// PressOld presses a button that the last message which had it, or the first,
// has no more: somebody looks at it still.
func (w *World) PressOld(ctx context.Context, name, channel, verb string, first bool) error {
	m, err := w.find(channel, verb, first, func(m fakeslack.Message) bool {
		return slices.ContainsFunc(m.Before, func(b json.RawMessage) bool { return slices.Contains(verbsOf(b), verb) })
	})
	if err != nil {
		return err
	}
	return w.pressing(name, func(id string) (fakeslack.Response, error) {
		return w.Slack.PressOld(ctx, id, strings.TrimPrefix(channel, "#"), m.TS, verb)
	})
}

func (w *World) find(channel, verb string, first bool, has func(fakeslack.Message) bool) (fakeslack.Message, error) {
	list := w.Slack.Messages(strings.TrimPrefix(channel, "#"))
	if !first {
		slices.Reverse(list)
	}
	if i := slices.IndexFunc(list, has); i >= 0 {
		return list[i], nil
	}
	return fakeslack.Message{}, fmt.Errorf("no message in %s has a button %s", channel, verb)
}

// PressOther presses a button on the last message which has it, or the first,
// as if another version of the bot had drawn it: one whose verb is understood
// no more, or one about a rollout of which nothing is known.
func (w *World) PressOther(ctx context.Context, name, channel, verb string, first bool, otherVerb, otherValue string) error {
	m, err := w.find(channel, verb, first, func(m fakeslack.Message) bool { return slices.Contains(verbsOf(m.Blocks), verb) })
	if err != nil {
		return err
	}
	return w.pressing(name, func(id string) (fakeslack.Response, error) {
		return w.Slack.PressOther(ctx, id, strings.TrimPrefix(channel, "#"), m.TS, verb, otherVerb, otherValue)
	})
}

// PressOn presses a button on one message, or the one that was there when the
// page was drawn: as Slack does, and what to say then is the bot's business.
func (w *World) PressOn(ctx context.Context, name, channel, ts, verb string) error {
	channel = strings.TrimPrefix(channel, "#")
	return w.pressing(name, func(id string) (fakeslack.Response, error) {
		res, err := w.Slack.Press(ctx, id, channel, ts, verb)
		if errors.Is(err, fakeslack.ErrNoButton) {
			return w.Slack.PressOld(ctx, id, channel, ts, verb)
		}
		return res, err
	})
}

func (w *World) pressing(name string, press func(id string) (fakeslack.Response, error)) error {
	for _, p := range w.Slack.People() {
		if p.Name != name {
			continue
		}
		res, err := press(p.ID)
		w.accepted(res, err)
		if err == nil && res.Status != 200 {
			err = fmt.Errorf("the bot answered %d: %s", res.Status, res.Body)
		}
		return err
	}
	return fmt.Errorf("there is no %s in Slack", name)
}

// accepted counts what was asked in Slack and taken.
func (w *World) accepted(res fakeslack.Response, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil && res.Status/100 == 2 {
		w.asked++
	}
}

// verbsOf are the buttons in blocks.
func verbsOf(blocks json.RawMessage) (verbs []string) {
	for _, b := range buttonsOf(blocks) {
		verbs = append(verbs, b.Verb)
	}
	return verbs
}

// drawn is a button as the page shows it.
type drawn struct {
	Verb, Label, Style, Confirm string
}

func buttonsOf(of json.RawMessage) (list []drawn) {
	var blocks []struct {
		Elements []json.RawMessage `json:"elements"`
	}
	if json.Unmarshal(of, &blocks) != nil {
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
