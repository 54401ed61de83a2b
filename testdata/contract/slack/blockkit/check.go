package blockkit

import (
	"encoding/json"
	"fmt"
	"sort"
)

type checker struct {
	out     []Finding
	surface Surface
	lint    bool
	ids     map[string]string
	tables  int
}

func (c *checker) add(sev, ptr, code, src, f string, a ...any) {
	c.out = append(c.out, Finding{Pointer: ptr, Code: code, Message: fmt.Sprintf(f, a...), Severity: sev, Source: src})
}

// Check looks at {"blocks":[...]} (a message), a bare list of blocks, or a view ({"type":"modal"|"home",...}).
// With lint it also reports unescaped control characters and mass mentions in mrkdwn.
func Check(raw []byte, surface Surface, lint bool) []Finding {
	c := &checker{surface: surface, lint: lint, ids: map[string]string{}}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		c.add("error", "", "invalid_json", "", "%v", err)
		return c.out
	}
	switch x := v.(type) {
	case []any:
		c.list(x, "", 1)
	case map[string]any:
		switch t, _ := x["type"].(string); t {
		case "modal", "home":
			c.surface = Surface(t)
			c.view(x, t)
		default:
			c.message(x, raw)
		}
	default:
		c.add("error", "", "must_be_object", "", "want an object with blocks, or a list of blocks")
	}
	sort.SliceStable(c.out, func(i, j int) bool { return c.out[i].Pointer < c.out[j].Pointer })
	return c.out
}

// Valid reports whether there is no error among the findings.
func Valid(f []Finding) bool {
	for _, x := range f {
		if x.Severity == "error" {
			return false
		}
	}
	return true
}
