package fakegithub

import (
	"net/url"
	"strings"
)

// find picks the route of a path: of all that match the one with the most
// literal parts, so that issues/comments/7 is no issue called "comments".
func find(all []route, method, path string) (best *route, values map[string]string) {
	literal, parts := -1, strings.Split(path, "/")
	for i := range all {
		if all[i].method != method {
			continue
		}
		if n, ok := match(all[i].parts, parts); ok && n > literal {
			best, literal = &all[i], n
		}
	}
	if best == nil {
		return nil, nil
	}
	return best, valuesOf(best.parts, parts)
}

// match holds a path against a pattern, part by part, and counts those that are
// literal; the last part of a pattern may take all that is left.
func match(pattern, path []string) (literal int, ok bool) {
	for i, part := range pattern {
		name, isName := nameIn(part)
		switch {
		case i >= len(path):
			return 0, false
		case strings.HasSuffix(name, "..."):
			return literal, true
		case isName && path[i] == "", !isName && part != path[i]:
			return 0, false
		case !isName:
			literal++
		}
	}
	return literal, len(path) == len(pattern)
}

// valuesOf are the parts of a path by the names that its pattern has for them.
func valuesOf(pattern, path []string) map[string]string {
	values := map[string]string{}
	for i, part := range pattern {
		name, isName := nameIn(part)
		if rest, takesAll := strings.CutSuffix(name, "..."); takesAll {
			values[rest] = plain(strings.Join(path[i:], "/"))
		} else if isName {
			values[name] = plain(path[i])
		}
	}
	return values
}

func nameIn(part string) (name string, is bool) {
	return strings.CutPrefix(strings.TrimSuffix(part, "}"), "{")
}

// plain undoes the escapes of a path's part.
func plain(part string) string {
	if text, err := url.PathUnescape(part); err == nil {
		return text
	}
	return part
}
