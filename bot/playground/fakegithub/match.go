package fakegithub

import (
	"net/url"
	"strings"
)

// find picks the route of a path: of all that match the one with the most
// literal parts, so that issues/comments/7 is no issue called "comments".
func find(all []route, method, path string) (best *route, values map[string]string) {
	literal := -1
	for i := range all {
		m, pattern, _ := strings.Cut(all[i].pattern, " ")
		if m != method {
			continue
		}
		if v, n, ok := match(strings.Split(pattern, "/"), strings.Split(path, "/")); ok && n > literal {
			best, values, literal = &all[i], v, n
		}
	}
	return best, values
}

// match holds a path against a pattern, part by part; the last part of a
// pattern may take all that is left.
func match(pattern, path []string) (values map[string]string, literal int, ok bool) {
	values = map[string]string{}
	for i, part := range pattern {
		name, isName := strings.CutPrefix(strings.TrimSuffix(part, "}"), "{")
		if rest, takesAll := strings.CutSuffix(name, "..."); takesAll && i < len(path) {
			values[rest] = plain(strings.Join(path[i:], "/"))
			return values, literal, true
		}
		switch {
		case i >= len(path) || isName && path[i] == "":
			return nil, 0, false
		case isName:
			values[name] = plain(path[i])
		case part != path[i]:
			return nil, 0, false
		default:
			literal++
		}
	}
	return values, literal, len(path) == len(pattern)
}

// plain undoes the escapes of a path's part.
func plain(part string) string {
	if text, err := url.PathUnescape(part); err == nil {
		return text
	}
	return part
}
