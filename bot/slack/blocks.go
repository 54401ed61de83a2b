package slack

import (
	api "github.com/slack-go/slack"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Slack's limits, in characters and pieces.
// https://docs.slack.dev/reference/block-kit/blocks
const (
	maxText    = 4000 // more is cut by Slack itself
	maxHeader  = 150
	maxSection = 3000
	maxField   = 2000
	maxFields  = 10
	maxBlocks  = 50
)

// blocks are ours as Slack's; what is too long is cut, and seen to be.
func blocks(list []bot.Block) (made []api.Block) {
	for _, b := range list[:min(len(list), maxBlocks)] {
		if block := one(b); block != nil {
			made = append(made, block)
		}
	}
	return made
}

func one(b bot.Block) api.Block {
	switch b.Kind {
	case bot.Header:
		return api.NewHeaderBlock(api.NewTextBlockObject(api.PlainTextType, cut(b.Text, maxHeader), true, false))
	case bot.Fields:
		var fields []*api.TextBlockObject
		for _, f := range b.Fields[:min(len(b.Fields), maxFields)] {
			fields = append(fields, markdown(f, maxField))
		}
		if len(fields) == 0 {
			return nil
		}
		return api.NewSectionBlock(nil, fields, nil)
	case bot.Context:
		return api.NewContextBlock("", markdown(b.Text, maxField))
	}
	if b.Text == "" {
		return nil // Slack refuses an empty section
	}
	return api.NewSectionBlock(markdown(b.Text, maxSection), nil, nil)
}

func markdown(s string, most int) *api.TextBlockObject {
	return api.NewTextBlockObject(api.MarkdownType, cut(s, most), false, false)
}

// cut shortens to so many characters.
func cut(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most-1]) + "…"
}
