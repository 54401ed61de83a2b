package blockkit

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

func (c *checker) shape(o map[string]any, sh shape, ptr string, extra ...string) {
	for k, f := range sh {
		v, ok := o[k]
		if !ok || v == nil {
			if f.req {
				c.add("error", ptr+"/"+k, "missing_field", f.src, "%s is required", k)
			}
			continue
		}
		c.field(v, f, ptr+"/"+k)
	}
	for k := range o {
		if _, ok := sh[k]; !ok && k != "type" && !has(extra, k) {
			c.add("error", ptr+"/"+k, "unexpected_field", "T", "no such member here")
		}
	}
}

func (c *checker) field(v any, f field, ptr string) {
	bad := func(want string) { c.add("error", ptr, "type_mismatch", f.src, "want %s", want) }
	length := func(n int, what string) {
		if f.max > 0 && n > f.max {
			c.add("error", ptr, "too_long", f.src, "%d %s, at most %d", n, what, f.max)
		}
		if n < f.min {
			c.add("error", ptr, "too_short", f.src, "%d %s, at least %d", n, what, f.min)
		}
	}
	switch f.k {
	case str:
		s, ok := v.(string)
		if !ok {
			bad("a string")
			return
		}
		length(utf8.RuneCountInString(s), "characters")
	case enum:
		s, _ := v.(string)
		if !has(f.of, s) {
			c.add("error", ptr, "failed_constraint", f.src, "%q, want one of %s", s, strings.Join(f.of, ", "))
		}
	case boolean:
		if _, ok := v.(bool); !ok {
			bad("true or false")
		}
	case num:
		n, ok := v.(float64)
		if !ok {
			bad("a number")
			return
		}
		if f.max > 0 && n > float64(f.max) || n < float64(f.min) {
			c.add("error", ptr, "failed_constraint", f.src, "%v is out of range", n)
		}
	case strs:
		l, ok := v.([]any)
		if !ok {
			bad("a list of strings")
			return
		}
		length(len(l), "items")
	case text, plain, mrkdwn:
		o, ok := v.(map[string]any)
		if !ok {
			bad("a text object")
			return
		}
		t, _ := o["type"].(string)
		if t != "plain_text" && t != "mrkdwn" || f.k == plain && t != "plain_text" || f.k == mrkdwn && t != "mrkdwn" {
			c.add("error", ptr+"/type", "unsupported_type", f.src, "text type %q is not allowed here", t)
			return
		}
		c.shape(o, Elements[t], ptr)
		s, _ := o["text"].(string)
		n := utf8.RuneCountInString(s)
		if f.max > 0 && n > f.max && n <= 3000 {
			c.add("error", ptr+"/text", "too_long", f.src, "%d characters, at most %d", n, f.max)
		}
		if n == 0 && f.min > 0 {
			c.add("error", ptr+"/text", "too_short", f.src, "empty text")
		}
		if c.lint && t == "mrkdwn" {
			c.mrkdwn(s, ptr+"/text")
		}
	case elem:
		c.elem(v, f.of, ptr)
	case elems:
		l, ok := v.([]any)
		if !ok {
			bad("a list")
			return
		}
		length(len(l), "items")
		for i, x := range l {
			c.elem(x, f.of, fmt.Sprintf("%s/%d", ptr, i))
		}
	case blocks:
		l, ok := v.([]any)
		if !ok {
			bad("a list of blocks")
			return
		}
		length(len(l), "items")
		for i, x := range l {
			c.block(x, fmt.Sprintf("%s/%d", ptr, i), f.of)
		}
	case object:
		c.object(v, f.of[0], ptr)
	case objects:
		l, ok := v.([]any)
		if !ok {
			bad("a list")
			return
		}
		length(len(l), "items")
		for i, x := range l {
			p := fmt.Sprintf("%s/%d", ptr, i)
			if f.of[0] == "_field" {
				c.field(x, field{k: text, min: 0, max: 2000, src: "T SectionBlock.fields: 2000 characters an item"}, p)
				continue
			}
			c.object(x, f.of[0], p)
		}
	}
}

func (c *checker) object(v any, name, ptr string) {
	o, ok := v.(map[string]any)
	if !ok {
		c.add("error", ptr, "type_mismatch", "", "want an object")
		return
	}
	c.shape(o, Elements[name], ptr)
}

func (c *checker) elem(v any, of []string, ptr string) {
	o, ok := v.(map[string]any)
	if !ok {
		c.add("error", ptr, "type_mismatch", "", "want an element object")
		return
	}
	t, _ := o["type"].(string)
	sh, known := Elements[t]
	if !known || !has(of, t) {
		c.add("error", ptr+"/type", "unsupported_type", "T", "element type %q is not allowed here", t)
		return
	}
	c.shape(o, sh, ptr)
	switch t {
	case "static_select", "multi_static_select":
		if (o["options"] == nil) == (o["option_groups"] == nil) {
			c.add("error", ptr, "mutually_exclusive", "T StaticSelect", "give options or option_groups, one of them")
		}
	case "image":
		if (o["image_url"] == nil) == (o["slack_file"] == nil) {
			c.add("error", ptr, "missing_field", "T ImageElement", "give image_url or slack_file, one of them")
		}
	case "mrkdwn":
		if s, ok := o["text"].(string); ok && c.lint {
			c.mrkdwn(s, ptr+"/text")
		}
		fallthrough
	case "plain_text":
		if s, _ := o["text"].(string); s == "" {
			c.add("error", ptr+"/text", "too_short", "T: minimum length is 1", "empty text")
		}
	}
}
