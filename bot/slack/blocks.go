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
	maxButtons = 25
	maxLabel   = 75
	maxTitle   = 100
	maxConfirm = 300
	maxYes     = 30
)

// blocks are ours as Slack's; what is too long or too much is cut, and seen to
// be.
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
	case b.Kind == bot.Actions:
		return actions(b.Buttons)
	case strings.TrimSpace(b.Text) == "":
		return nil
	}
	switch b.Kind {
	case bot.Header:
		return api.NewHeaderBlock(plain(b.Text, maxHeader))
	case bot.Context:
		return api.NewContextBlock("", markdown(b.Text, maxField))
	}
	return api.NewSectionBlock(markdown(b.Text, maxSection), nil, nil)
}

func fields(list []string) api.Block {
	var made []*api.TextBlockObject
	for _, f := range list {
		if strings.TrimSpace(f) != "" {
			made = append(made, markdown(f, maxField))
		}
	}
	if len(made) > maxFields {
		made = append(made[:maxFields-1], markdown("…", maxField))
	}
	if len(made) == 0 {
		return nil
	}
	return api.NewSectionBlock(nil, made, nil)
}

// actions are buttons in a row; none are no block.
func actions(list []bot.Button) api.Block {
	var row []api.BlockElement
	for _, b := range list[:min(len(list), maxButtons)] {
		element := api.NewButtonBlockElement(b.Verb, cut(b.Value, maxField), plain(b.Label, maxLabel))
		element.Style = api.StylePrimary
		if b.Danger {
			element.Style = api.StyleDanger
		}
		if b.Confirm != "" {
			element.Confirm = api.NewConfirmationBlockObject(plain(b.Label, maxTitle), plain(b.Confirm, maxConfirm), plain(b.Label, maxYes), plain("Not now", maxYes))
		}
		row = append(row, element)
	}
	if len(row) == 0 {
		return nil
	}
	return api.NewActionBlock("", row...)
}

func plain(s string, most int) *api.TextBlockObject {
	return api.NewTextBlockObject(api.PlainTextType, cut(s, most), true, false)
}

// markdown is a text in Slack's markup, taken as it is: Slack makes no links
// and mentions of what only looks like one, in a stranger's title for example.
func markdown(s string, most int) *api.TextBlockObject {
	return api.NewTextBlockObject(api.MarkdownType, cutMarkup(s, most), false, true)
}

// cut shortens to so many characters.
func cut(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most-1]) + "…"
}

// cutMarkup does the same and leaves no half of an "&amp;" or a "<link>"
// behind.
func cutMarkup(s string, most int) string {
	short := cut(s, most)
	if short == s {
		return s
	}
	for _, pair := range []string{"&;", "<>"} {
		if i := strings.LastIndexByte(short, pair[0]); i >= 0 && !strings.Contains(short[i:], pair[1:]) {
			short = short[:i] + "…"
		}
	}
	return short
}
