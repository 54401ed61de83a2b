package playground

import (
	"encoding/json"
	"html"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// messages of a channel as people see them: replies below their parent, and
// among them what the bot whispered to somebody there.
func (w *World) messages(c fakeslack.Channel) []fakeslack.Message {
	list := w.Slack.Messages(c.Name)
	for _, p := range w.Slack.People() {
		for _, m := range w.Slack.Ephemerals(p.ID) {
			if m.Channel == c.ID {
				list = append(list, m)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b fakeslack.Message) int {
		if n := strings.Compare(root(a), root(b)); n != 0 {
			return n
		}
		return strings.Compare(a.TS, b.TS)
	})
	return list
}

func root(m fakeslack.Message) string {
	if m.ThreadTS != "" {
		return m.ThreadTS
	}
	return m.TS
}

// slackHTML draws a message's blocks, or its text when it has none.
func slackHTML(m fakeslack.Message) template.HTML {
	var blocks []struct {
		Text   textOf   `json:"text"`
		Fields []textOf `json:"fields"`
		// Small print, or buttons.
		Elements []json.RawMessage `json:"elements"`
	}
	if m.Blocks == nil || json.Unmarshal(m.Blocks, &blocks) != nil || len(blocks) == 0 {
		return template.HTML("<p>" + markup(m.Text) + "</p>")
	}
	var b strings.Builder
	for _, block := range blocks {
		if block.Text.Text != "" {
			b.WriteString("<p>" + markup(block.Text.Text) + "</p>")
		}
		for _, f := range block.Fields {
			b.WriteString(`<p class="field">` + markup(f.Text) + "</p>")
		}
		for _, e := range block.Elements {
			var small textOf
			if json.Unmarshal(e, &small) == nil { // a button's text is of another shape
				b.WriteString(`<p class="small">` + markup(small.Text) + "</p>")
			}
		}
	}
	return template.HTML(b.String())
}

type textOf struct {
	Text string `json:"text"`
}

var (
	bold = regexp.MustCompile(`\*([^*\n]+)\*`)
	code = regexp.MustCompile("`([^`\n]+)`")
)

// markup draws Slack's markup: its three entities are undone, all is escaped
// for HTML, then *bold* and `code` are set.
func markup(s string) string {
	s = html.EscapeString(strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s))
	s = code.ReplaceAllString(bold.ReplaceAllString(s, "<b>$1</b>"), "<code>$1</code>")
	return strings.ReplaceAll(s, "\n", "<br>")
}
