package ghspec

import (
	"net/url"
	"sort"
	"strings"
)

// Find returns the operation for a method and an escaped path, or the methods that the path does allow.
func (s *Spec) Find(method, escapedPath string) (*Op, map[string]string, []string) {
	segs := strings.Split(strings.TrimPrefix(escapedPath, "/"), "/")
	var allowed []string
	var vals []string
	var hit *Op
	var walk func(n *node, i int) bool
	walk = func(n *node, i int) bool {
		if i == len(segs) {
			if op := n.ops[method]; op != nil {
				hit = op
				return true
			}
			for m := range n.ops {
				allowed = append(allowed, m)
			}
			return false
		}
		if c := n.static[segs[i]]; c != nil && walk(c, i+1) {
			return true
		}
		if n.param != nil && (segs[i] != "" || n.param.multi && i == len(segs)-1) { // contents/ is the root folder
			max := i + 1
			if n.param.multi {
				max = len(segs)
			}
			for j := i + 1; j <= max; j++ {
				v, err := url.PathUnescape(strings.Join(segs[i:j], "/"))
				if err != nil {
					v = strings.Join(segs[i:j], "/")
				}
				vals = append(vals, v)
				if walk(n.param, j) {
					return true
				}
				vals = vals[:len(vals)-1]
			}
		}
		return false
	}
	if walk(s.root, 0) {
		pp := map[string]string{}
		k := 0
		for _, seg := range strings.Split(strings.Trim(hit.Template, "/"), "/") {
			if strings.HasPrefix(seg, "{") {
				pp[strings.Trim(seg, "{}")] = vals[k]
				k++
			}
		}
		return hit, pp, nil
	}
	sort.Strings(allowed)
	return nil, nil, allowed
}
