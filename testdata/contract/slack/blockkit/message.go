package blockkit

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

func (c *checker) message(m map[string]any, raw []byte) {
	t, _ := m["text"].(string)
	if n := utf8.RuneCountInString(t); n > 40000 {
		c.add("error", "/text", "msg_too_long", "D chat.postMessage: truncated over 40,000", "text has %d characters", n)
	} else if n > 4000 {
		c.add("warning", "/text", "text_long", "D chat.postMessage: 4,000 recommended", "text has %d characters", n)
	}
	if c.lint {
		c.mrkdwn(t, "/text")
	}
	b, ok := m["blocks"].([]any)
	if !ok {
		if m["blocks"] != nil {
			c.add("error", "/blocks", "invalid_blocks", "", "blocks must be a list")
		} else if t == "" && m["attachments"] == nil {
			c.add("error", "", "no_text", "D chat.postMessage", "a message needs text, blocks or attachments")
		}
		return
	}
	if t == "" {
		c.add("warning", "/text", "no_fallback", "D chat.postMessage: text is the fallback in notifications and for screen readers", "blocks are sent without text")
	}
	c.list(b, "/blocks", 1)
	if a, ok := m["attachments"].([]any); ok {
		if len(a) > 100 {
			c.add("error", "/attachments", "too_many_attachments", "D", "%d attachments, at most 100", len(a))
		}
		for i, x := range a {
			if o, ok := x.(map[string]any); ok {
				if bl, ok := o["blocks"].([]any); ok {
					c.list(bl, fmt.Sprintf("/attachments/%d/blocks", i), 1)
				}
			}
		}
	}
	md := 0
	for _, x := range b {
		if o, ok := x.(map[string]any); ok && o["type"] == "markdown" {
			s, _ := o["text"].(string)
			md += utf8.RuneCountInString(s)
		}
	}
	if md > 12000 {
		c.add("error", "/blocks", "markdown_total", "D markdown block: cumulative limit 12,000 in one payload", "markdown blocks hold %d characters together", md)
	}
	if j, _ := json.Marshal(b); utf8.RuneCount(j) > 13000 {
		c.add("warning", "/blocks", "msg_blocks_too_long", "I", "blocks are %d characters of JSON; Slack has refused messages from about 13,200", utf8.RuneCount(j))
	}
}

func (c *checker) view(v map[string]any, t string) {
	title, _ := v["title"].(map[string]any)
	if t == "modal" && title == nil {
		c.add("error", "/title", "missing_field", "T views.d.ts ModalView.title", "a modal needs a title")
	}
	for _, k := range []string{"title", "submit", "close"} {
		if v[k] != nil {
			c.field(v[k], field{k: plain, min: 1, max: 24, src: "T views.d.ts: 24 characters"}, "/"+k)
		}
	}
	if s, _ := v["private_metadata"].(string); utf8.RuneCountInString(s) > 3000 {
		c.add("error", "/private_metadata", "too_long", "T views.d.ts: 3000", "%d characters", utf8.RuneCountInString(s))
	}
	if s, _ := v["callback_id"].(string); utf8.RuneCountInString(s) > 255 {
		c.add("error", "/callback_id", "too_long", "T views.d.ts: 255", "%d characters", utf8.RuneCountInString(s))
	}
	b, ok := v["blocks"].([]any)
	if !ok {
		c.add("error", "/blocks", "missing_field", "T views.d.ts BaseView.blocks", "a view needs blocks")
		return
	}
	hasInput := false
	for _, x := range b {
		if o, ok := x.(map[string]any); ok && o["type"] == "input" {
			hasInput = true
		}
	}
	if t == "modal" && hasInput && v["submit"] == nil {
		c.add("error", "/submit", "missing_field", "T views.d.ts ModalView.submit: required with an input block", "input blocks need submit")
	}
	c.list(b, "/blocks", 1)
}

func (c *checker) list(b []any, ptr string, min int) {
	max, src := 50, "D blocks: 50 in a message"
	if c.surface != Message {
		max, src = 100, "T views.d.ts BaseView.blocks: 100"
	}
	if len(b) > max {
		c.add("error", ptr, "too_many_items", src, "%d blocks, at most %d", len(b), max)
	}
	if len(b) < min {
		c.add("error", ptr, "too_few_items", "", "no blocks")
	}
	for i, x := range b {
		c.block(x, fmt.Sprintf("%s/%d", ptr, i), nil)
	}
}
