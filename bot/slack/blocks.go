package slack

import (
	"strings"

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
	for _, b := range list {
		if block := one(b); block != nil {
			made = append(made, block)
		}
	}
	if len(made) > maxBlocks {
		made = append(made[:maxBlocks-1], api.NewContextBlock("", markdown("…", maxField)))
	}
	return made
}

// one is a block as Slack's; nil when it holds nothing, which Slack refuses.
func one(b bot.Block) api.Block {
	switch {
	case b.Kind == bot.Fields:
		return fields(b.Fields)
	case strings.TrimSpace(b.Text) == "":
		return nil
	}
	switch b.Kind {
	case bot.Header:
		return api.NewHeaderBlock(api.NewTextBlockObject(api.PlainTextType, cut(b.Text, maxHeader), true, false))
	case bot.Context:
		return api.NewContextBlock("", markdown(b.Text, maxField))
	}
	return api.NewSectionBlock(markdown(b.Text, maxSection), nil, nil)
}

func fields(list []string) api.Block {
	var made []*api.TextBlockObject
	for _, f := range list {
		if strings.TrimSpace(f) != "" && len(made) < maxFields {
			made = append(made, markdown(f, maxField))
		}
	}
	if len(made) == 0 {
		return nil
	}
	return api.NewSectionBlock(nil, made, nil)
}

// markdown is a text in Slack's markup, taken as it is: Slack makes no links
// and mentions of what only looks like one, in a stranger's title for example.
func markdown(s string, most int) *api.TextBlockObject {
	return api.NewTextBlockObject(api.MarkdownType, cut(s, most), false, true)
}

// cut shortens to so many characters.
func cut(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most-1]) + "…"
}
