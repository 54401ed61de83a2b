package blockkit

import (
	"fmt"
)

func (c *checker) block(x any, ptr string, allowed []string) {
	o, ok := x.(map[string]any)
	if !ok {
		c.add("error", ptr, "must_be_object", "", "a block must be an object")
		return
	}
	t, _ := o["type"].(string)
	sh, ok := Blocks[t]
	if !ok {
		c.add("error", ptr+"/type", "unsupported_type", "T blocks.d.ts KnownBlock", "unknown block type %q", t)
		return
	}
	if allowed != nil && !has(allowed, t) {
		c.add("error", ptr+"/type", "unsupported_type", "T", "%s is not allowed here", t)
	}
	if s := surfaces[t]; s != nil && !s[c.surface] {
		c.add("error", ptr+"/type", "unsupported_surface", "D", "%s blocks are not for a %s", t, c.surface)
	}
	if b, ok := o["block_id"]; ok {
		c.field(b, id, ptr+"/block_id")
		if s, ok := b.(string); ok && s != "" {
			if at, dup := c.ids[s]; dup {
				c.add("error", ptr+"/block_id", "duplicate_block_id", "T blocks.d.ts block_id: unique for each message", "also at %s", at)
			}
			c.ids[s] = ptr
		}
	}
	c.shape(o, sh, ptr, "block_id")
	switch t {
	case "section":
		if o["text"] == nil && o["fields"] == nil {
			c.add("error", ptr, "missing_field", "T SectionBlock: text or fields", "a section needs text or fields")
		}
	case "image":
		if (o["image_url"] == nil) == (o["slack_file"] == nil) {
			c.add("error", ptr, "missing_field", "T ImageBlock", "give image_url or slack_file, one of them")
		}
	case "card":
		if o["hero_image"] == nil && o["title"] == nil && o["actions"] == nil && o["body"] == nil {
			c.add("error", ptr, "missing_field", "T CardBlock", "a card needs hero_image, title, actions or body")
		}
	case "table":
		c.tables++
		if c.tables > 1 {
			c.add("error", ptr, "only_one_table_allowed", "D table block: one in a message", "more than one table")
		}
		c.rows(o["rows"], ptr+"/rows", 1, 100, 20)
		if l, ok := o["column_settings"].([]any); ok && len(l) > 20 {
			c.add("error", ptr+"/column_settings", "too_many_items", "T TableBlock.column_settings: 20", "%d items", len(l))
		}
	case "data_table":
		c.rows(o["rows"], ptr+"/rows", 2, 201, 20)
	}
	if l, ok := o["elements"].([]any); ok {
		seen := map[string]bool{}
		for i, e := range l {
			if m, ok := e.(map[string]any); ok {
				if a, ok := m["action_id"].(string); ok {
					if seen[a] {
						c.add("error", fmt.Sprintf("%s/elements/%d/action_id", ptr, i), "duplicate_action_id", "T extensions.d.ts action_id: unique in its block", "%q twice", a)
					}
					seen[a] = true
				}
			}
		}
	}
}

func (c *checker) rows(v any, ptr string, minRows, maxRows, maxCols int) {
	rows, ok := v.([]any)
	if !ok {
		return
	}
	if len(rows) < minRows || len(rows) > maxRows {
		c.add("error", ptr, "failed_constraint", "T TableBlock.rows / S data_table.rows", "%d rows, want %d to %d", len(rows), minRows, maxRows)
	}
	for i, r := range rows {
		cells, ok := r.([]any)
		if !ok || len(cells) == 0 || len(cells) > maxCols {
			c.add("error", fmt.Sprintf("%s/%d", ptr, i), "failed_constraint", "T TableBlock.rows: 20 cells", "a row is a list of 1 to %d cells", maxCols)
			continue
		}
		for j, x := range cells {
			m, _ := x.(map[string]any)
			if t, _ := m["type"].(string); !has([]string{"rich_text", "raw_text", "raw_number"}, t) {
				c.add("error", fmt.Sprintf("%s/%d/%d/type", ptr, i, j), "unsupported_type", "T TableBlock.rows", "cell type %q", t)
			} else if s, ok := m["text"].(string); t == "raw_text" && (!ok || s == "") {
				c.add("warning", fmt.Sprintf("%s/%d/%d/text", ptr, i, j), "too_short", "S data_table.cell_text", "empty cell")
			}
		}
	}
}
