package ghspec

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Load reads the description (plain or .gz).
func Load(path string) (*Spec, error) {
	b, err := unzipped(path)
	if err != nil {
		return nil, err
	}
	// The REST description keeps webhooks under x-webhooks; kin-openapi resolves references only in paths,
	// so move them there under a prefix that no REST path has.
	var top map[string]json.RawMessage
	if err := json.Unmarshal(b, &top); err != nil {
		return nil, err
	}
	var paths, hooks map[string]json.RawMessage
	if err := json.Unmarshal(top["paths"], &paths); err != nil {
		return nil, err
	}
	if x, ok := top["x-webhooks"]; ok {
		if err := json.Unmarshal(x, &hooks); err != nil {
			return nil, err
		}
		for k, v := range hooks {
			paths["/_webhook/"+k] = v
		}
		delete(top, "x-webhooks")
	}
	top["paths"], _ = json.Marshal(paths)
	b, err = json.Marshal(top)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(b)
	if err != nil {
		return nil, err
	}
	s := &Spec{Doc: doc, root: newNode(), hooks: map[string]map[string]*openapi3.Schema{}, hookName: map[string]string{}}
	odd := regexp.MustCompile(`\}[^/]|[^/]\{`)
	jwt := regexp.MustCompile(`must use a \[?JWT`)
	for tmpl, item := range doc.Paths.Map() {
		if name, ok := strings.CutPrefix(tmpl, "/_webhook/"); ok {
			s.addHook(name, item)
			continue
		}
		if odd.MatchString(tmpl) {
			continue // /compare/{base}...{head} repeats /compare/{basehead}
		}
		for m, o := range item.Operations() {
			op := &Op{Method: m, Template: tmpl, Item: item, O: o, NeedsJWT: jwt.MatchString(o.Description)}
			if x, ok := o.Extensions["x-github"].(map[string]any); ok {
				op.ForApps, _ = x["enabledForGitHubApps"].(bool)
			}
			for _, p := range append(append(openapi3.Parameters{}, item.Parameters...), o.Parameters...) {
				if p.Value != nil {
					op.Params = append(op.Params, p.Value)
				}
			}
			s.insert(op)
			s.Ops++
		}
	}
	return s, nil
}

func newNode() *node {
	return &node{static: map[string]*node{}, names: map[string]string{}, ops: map[string]*Op{}}
}

func (s *Spec) insert(op *Op) {
	n := s.root
	for _, seg := range strings.Split(strings.Trim(op.Template, "/"), "/") {
		if strings.HasPrefix(seg, "{") {
			name := strings.Trim(seg, "{}")
			if n.param == nil {
				n.param = newNode()
			}
			n = n.param
			for _, p := range op.Params {
				if p.Name == name && p.In == "path" {
					if b, _ := p.Extensions["x-multi-segment"].(bool); b {
						n.multi = true
					}
				}
			}
			continue
		}
		c := n.static[seg]
		if c == nil {
			c = newNode()
			n.static[seg] = c
		}
		n = c
	}
	n.ops[op.Method] = op
}

// unzipped is what a file holds, gzip'ed when its name says so.
func unzipped(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	return io.ReadAll(r)
}
