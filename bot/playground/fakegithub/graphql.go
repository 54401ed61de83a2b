package fakegithub

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// gqlField is one field of a selection, with what is selected below it.
type gqlField struct {
	alias, name string
	args        map[string]any
	below       []gqlField
}

// key is the field's name in the answer.
func (f gqlField) key() string {
	if f.alias != "" {
		return f.alias
	}
	return f.name
}

// gqlOperation is the one operation of a document. Fragments, directives and
// documents of several operations are not read here: they are an error.
type gqlOperation struct {
	kind   string // query or mutation
	fields []gqlField
}

var gqlToken = regexp.MustCompile(`\.\.\.|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|"(?:\\.|[^"\\\n])*"|[{}()\[\]:$!=@|]`)

// gqlReader reads a document token by token.
type gqlReader struct {
	tokens    []string
	variables map[string]any
}

// readGraphQL reads a document with its variables put in.
func readGraphQL(text string, variables map[string]any) (op gqlOperation, err error) {
	r := &gqlReader{variables: variables}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#") // no text of ours holds one
		r.tokens = append(r.tokens, gqlToken.FindAllString(line, -1)...)
	}
	op.kind = "query"
	if r.peek() != "{" {
		op.kind = r.next()
		for r.peek() != "{" && r.peek() != "" { // its name and the types of its variables
			r.next()
		}
	}
	if op.kind != "query" && op.kind != "mutation" {
		return op, fmt.Errorf("expected an operation, got %q", op.kind)
	}
	if op.fields, err = r.selection(); err == nil && r.peek() != "" {
		err = fmt.Errorf("one operation a document is understood here, not %q", r.peek())
	}
	return op, err
}

func (r *gqlReader) peek() string {
	if len(r.tokens) == 0 {
		return ""
	}
	return r.tokens[0]
}

func (r *gqlReader) next() string {
	t := r.peek()
	if t != "" {
		r.tokens = r.tokens[1:]
	}
	return t
}

func (r *gqlReader) skip(token string) bool {
	if r.peek() != token {
		return false
	}
	r.next()
	return true
}

func (r *gqlReader) selection() (list []gqlField, err error) {
	if !r.skip("{") {
		return nil, fmt.Errorf("expected {, got %q", r.peek())
	}
	for !r.skip("}") {
		f, err := r.field()
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	if len(list) == 0 {
		return nil, errors.New("nothing is selected")
	}
	return list, nil
}

func (r *gqlReader) field() (f gqlField, err error) {
	if f.name = r.next(); !gqlName.MatchString(f.name) {
		return f, fmt.Errorf("expected a field, got %q", f.name)
	}
	if r.skip(":") {
		f.alias, f.name = f.name, r.next()
	}
	if r.skip("(") {
		if f.args, err = r.object(")"); err != nil {
			return f, err
		}
	}
	if r.peek() == "{" {
		f.below, err = r.selection()
	}
	return f, err
}

var gqlName = regexp.MustCompile(`^[A-Za-z_]\w*$`)

// object reads name: value pairs up to a closing token.
func (r *gqlReader) object(end string) (map[string]any, error) {
	m := map[string]any{}
	for !r.skip(end) {
		name := r.next()
		if !gqlName.MatchString(name) || !r.skip(":") {
			return nil, fmt.Errorf("expected a name and a colon, got %q", name)
		}
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		m[name] = v
	}
	return m, nil
}

func (r *gqlReader) value() (v any, err error) {
	switch t := r.next(); {
	case t == "$":
		return r.variables[r.next()], nil
	case t == "{":
		return r.object("}")
	case gqlName.MatchString(t) && t != "true" && t != "false" && t != "null":
		return t, nil // a name of an enumeration
	default:
		if err = json.Unmarshal([]byte(t), &v); err != nil {
			err = fmt.Errorf("expected a value, got %q", t)
		}
		return v, err
	}
}
