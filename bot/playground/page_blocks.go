package playground

import (
	"encoding/json"
	"html"
	"html/template"
	"regexp"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// block is a piece of a Slack message, as far as it is drawn here. Buttons
// are drawn by press.go.
type block struct {
	Type   string   `json:"type"`
	Text   textOf   `json:"text"`
	Fields []textOf `json:"fields"`
	// Small print, or buttons.
	Elements []json.RawMessage `json:"elements"`
}

type textOf struct {
	Text string `json:"text"`
}

// slackHTML draws a message's blocks, or its text when it has none.
func slackHTML(m fakeslack.Message) template.HTML {
	var blocks []block
	if m.Blocks == nil || json.Unmarshal(m.Blocks, &blocks) != nil || len(blocks) == 0 {
		return template.HTML("<p>" + markup(m.Text) + "</p>")
	}
	var b strings.Builder
	for _, block := range blocks {
		block.draw(&b)
	}
	return template.HTML(b.String())
}

func (bl block) draw(b *strings.Builder) {
	switch {
	case bl.Type == "divider":
		b.WriteString("<hr>")
	case bl.Type == "header":
		b.WriteString(`<p class="head">` + markup(bl.Text.Text) + "</p>")
	case bl.Text.Text != "":
		b.WriteString("<p>" + markup(bl.Text.Text) + "</p>")
	}
	if len(bl.Fields) > 0 {
		b.WriteString(`<div class="fields">`)
		for _, f := range bl.Fields {
			b.WriteString("<p>" + markup(f.Text) + "</p>")
		}
		b.WriteString("</div>")
	}
	for _, e := range bl.Elements {
		var small textOf
		if json.Unmarshal(e, &small) == nil && small.Text != "" { // a button's text is of another shape
			b.WriteString(`<p class="small">` + markup(small.Text) + "</p>")
		}
	}
}

var (
	bold     = regexp.MustCompile(`\*([^*\n]+)\*`)
	code     = regexp.MustCompile("`([^`\n]+)`")
	linked   = regexp.MustCompile(`<(https?://[^|>\s]+)(?:\|([^>\n]*))?>`)
	entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// markup draws Slack's markup: links, *bold* and `code`; all else is escaped.
func markup(s string) string {
	var b strings.Builder
	at := 0
	for _, m := range linked.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(inline(s[at:m[0]]))
		address, label := entities.Replace(s[m[2]:m[3]]), ""
		if m[4] >= 0 {
			label = entities.Replace(s[m[4]:m[5]])
		}
		if label == "" {
			label = address
		}
		b.WriteString(`<a href="` + html.EscapeString(address) + `">` + html.EscapeString(label) + "</a>")
		at = m[1]
	}
	b.WriteString(inline(s[at:]))
	return b.String()
}

// inline undoes Slack's three entities, escapes all for HTML, then sets *bold*
// and `code`.
func inline(s string) string {
	s = html.EscapeString(entities.Replace(s))
	s = code.ReplaceAllString(bold.ReplaceAllString(s, "<b>$1</b>"), "<code>$1</code>")
	return strings.ReplaceAll(s, "\n", "<br>")
}
