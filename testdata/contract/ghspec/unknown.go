package ghspec

import (
	"fmt"
	"sort"

	"github.com/getkin/kin-openapi/openapi3"
)

// unknown lists members of v that no branch of the schema declares.
func unknown(sc *openapi3.Schema, v any, ptr string, depth int) []string {
	if sc == nil || depth > 12 {
		return nil
	}
	switch x := v.(type) {
	case map[string]any:
		props := map[string][]*openapi3.Schema{}
		open := false
		collect(sc, props, &open, 0)
		if open || len(props) == 0 {
			return nil
		}
		var out []string
		for k, c := range x {
			ss, ok := props[k]
			if !ok {
				out = append(out, ptr+"/"+k)
				continue
			}
			best := []string(nil)
			for i, s2 := range ss {
				u := unknown(s2, c, ptr+"/"+k, depth+1)
				if i == 0 || len(u) < len(best) {
					best = u
				}
			}
			out = append(out, best...)
		}
		sort.Strings(out)
		return out
	case []any:
		items := itemsOf(sc, 0)
		var out []string
		for i, c := range x {
			for _, it := range items {
				out = append(out, unknown(it, c, fmt.Sprintf("%s/%d", ptr, i), depth+1)...)
			}
		}
		return out
	}
	return nil
}

func collect(sc *openapi3.Schema, props map[string][]*openapi3.Schema, open *bool, depth int) {
	if depth > 6 {
		return
	}
	for k, p := range sc.Properties {
		props[k] = append(props[k], p.Value)
	}
	if ap := sc.AdditionalProperties; ap.Schema != nil || (ap.Has != nil && *ap.Has) {
		*open = true
	}
	for _, l := range []openapi3.SchemaRefs{sc.AllOf, sc.OneOf, sc.AnyOf} {
		for _, r := range l {
			if r.Value != nil {
				collect(r.Value, props, open, depth+1)
			}
		}
	}
}

func itemsOf(sc *openapi3.Schema, depth int) []*openapi3.Schema {
	if depth > 6 {
		return nil
	}
	var out []*openapi3.Schema
	if sc.Items != nil && sc.Items.Value != nil {
		out = append(out, sc.Items.Value)
	}
	for _, l := range []openapi3.SchemaRefs{sc.AllOf, sc.OneOf, sc.AnyOf} {
		for _, r := range l {
			if r.Value != nil {
				out = append(out, itemsOf(r.Value, depth+1)...)
			}
		}
	}
	return out
}
