package ghspec

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// GraphQL is GitHub's published schema of its GraphQL API.
type GraphQL struct{ schema *ast.Schema }

// LoadGraphQL reads the schema, gzip'ed when the name says so.
func LoadGraphQL(path string) (*GraphQL, error) {
	text, err := unzipped(path)
	if err != nil {
		return nil, err
	}
	doc, err := parser.ParseSchemas(validator.Prelude, &ast.Source{Name: path, Input: string(text)})
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	for _, d := range doc.Definitions {
		d.Fields = once(d.Fields)
	}
	schema, err := validator.ValidateSchemaDocument(doc)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	return &GraphQL{schema}, nil
}

// once: the published schema defines a few fields twice, alike.
func once(list ast.FieldList) (kept ast.FieldList) {
	for _, f := range list {
		if kept.ForName(f.Name) == nil {
			kept = append(kept, f)
		}
	}
	return kept
}

// IsGraphQL reports whether a request goes to the GraphQL API.
func IsGraphQL(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Path == "/graphql" }

// Check holds an exchange against the schema: the document, its variables, and
// that the answer has what was selected, no more, of the right types.
func (g *GraphQL) Check(request []byte, status int, response []byte) (found []Violation) {
	add := func(side, rule, pointer, detail string, args ...any) {
		found = append(found, Violation{Side: side, Severity: Error, Rule: rule, Method: "POST", Path: "/graphql", Status: status, Pointer: pointer, Detail: fmt.Sprintf(detail, args...)})
	}
	if g == nil {
		add("request", "graphql-unchecked", "", "no schema was given")
		return found
	}
	var in struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}
	if err := json.Unmarshal(request, &in); err != nil || in.Query == "" {
		add("request", "graphql-body", "", "no query: %v", err)
		return found
	}
	doc, errs := gqlparser.LoadQuery(g.schema, in.Query)
	for _, e := range errs {
		add("request", "graphql-document", "", "%s", e.Message)
	}
	if len(errs) > 0 || len(doc.Operations) != 1 {
		return found
	}
	op := doc.Operations[0]
	if _, err := validator.VariableValues(g.schema, op, in.Variables); err != nil {
		add("request", "graphql-variables", "", "%v", err)
	}
	if status != http.StatusOK {
		return found // of this the schema says nothing
	}
	var out map[string]json.RawMessage
	if err := json.Unmarshal(response, &out); err != nil {
		add("response", "graphql-body", "", "%v", err)
		return found
	}
	for name := range out {
		if name != "data" && name != "errors" && name != "extensions" {
			add("response", "graphql-body", "/"+name, "unknown member")
		}
	}
	failed := errorsOf(out["errors"], add)
	if len(out["data"]) == 0 || string(out["data"]) == "null" {
		if !failed {
			add("response", "graphql-body", "/data", "neither data nor errors")
		}
		return found
	}
	object(op.SelectionSet, out["data"], "/data", g.schema, failed, func(pointer, detail string, args ...any) {
		add("response", "graphql-data", pointer, detail, args...)
	})
	return found
}

func errorsOf(raw json.RawMessage, add func(side, rule, pointer, detail string, args ...any)) (failed bool) {
	if raw == nil {
		return false
	}
	var list []struct {
		Message   *string `json:"message"`
		Path      []any   `json:"path"`
		Locations []struct {
			Line, Column int
		} `json:"locations"`
	}
	if err := json.Unmarshal(raw, &list); err != nil || len(list) == 0 {
		add("response", "graphql-errors", "/errors", "not a list of errors: %v", err)
	}
	for i, e := range list {
		if e.Message == nil {
			add("response", "graphql-errors", fmt.Sprintf("/errors/%d", i), "no message")
		}
	}
	return true
}

type finding func(pointer, detail string, args ...any)

// object holds an object against what was selected of it. Fragments are not
// followed: none of ours has one.
func object(set ast.SelectionSet, raw json.RawMessage, pointer string, s *ast.Schema, failed bool, add finding) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		add(pointer, "no object: %v", err)
		return
	}
	known := map[string]bool{}
	for _, sel := range set {
		f, is := sel.(*ast.Field)
		if !is {
			add(pointer, "a fragment, which is not checked here")
			return
		}
		known[f.Alias] = true
		v, has := m[f.Alias]
		if !has {
			add(pointer+"/"+f.Alias, "selected, and missing")
			continue
		}
		value(f.Definition.Type, f, v, pointer+"/"+f.Alias, s, failed, add)
	}
	for name := range m {
		if !known[name] {
			add(pointer+"/"+name, "not selected")
		}
	}
}

func value(t *ast.Type, f *ast.Field, raw json.RawMessage, pointer string, s *ast.Schema, failed bool, add finding) {
	if string(raw) == "null" {
		if t.NonNull && !failed {
			add(pointer, "null where the schema says %s", t)
		}
		return
	}
	if t.Elem != nil {
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			add(pointer, "no list: %v", err)
		}
		for i, v := range list {
			value(t.Elem, f, v, fmt.Sprintf("%s/%d", pointer, i), s, failed, add)
		}
		return
	}
	var v any
	_ = json.Unmarshal(raw, &v) // it was part of what decoded
	def := s.Types[t.NamedType]
	switch {
	case def.IsCompositeType():
		object(f.SelectionSet, raw, pointer, s, failed, add)
	case def.Kind == ast.Enum:
		name, _ := v.(string)
		if def.EnumValues.ForName(name) == nil {
			add(pointer, "%s is no value of %s", raw, t.NamedType)
		}
	case !scalar(t.NamedType, v):
		add(pointer, "%s is no %s", raw, t.NamedType)
	}
}

func scalar(name string, v any) bool {
	switch name {
	case "Int":
		n, is := v.(float64)
		return is && n == float64(int32(n))
	case "Float":
		_, is := v.(float64)
		return is
	case "Boolean":
		_, is := v.(bool)
		return is
	}
	_, is := v.(string) // GitHub's other scalars are written as strings
	return is
}
