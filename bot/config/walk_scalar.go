package config

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// texted values read one word of text, whatever YAML takes it for, and say
// with a fault what is wrong with it.
type texted interface{ setText(string) error }

// listed values may be a word or a list of them.
type listed interface{ list() any }

// worded values are keys, or one word in their place.
type worded interface{ word() texted }

// fault is a mistake without its place.
type fault struct{ message, hint string }

func (f fault) Error() string { return f.message }

func (w *walker) fault(at place, path string, err error) {
	var f fault
	if !errors.As(err, &f) {
		f.message = err.Error()
	}
	w.note(at, path, f.message, f.hint)
}

func (w *walker) text(path string, n ast.Node, into texted, r rule) {
	s, ok := scalarText(n)
	if !ok {
		w.wrong(path, "must be one value, is "+describe(n), "write it beside the key")
		return
	}
	if err := into.setText(s); err != nil {
		w.fault(w.spots[path].value, path, err)
	}
}

// scalarText is what stands in the file, unquoted.
func scalarText(n ast.Node) (string, bool) {
	switch t := n.(type) {
	case *ast.StringNode:
		return t.Value, true
	case *ast.LiteralNode:
		return t.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func isScalar(n ast.Node) bool {
	_, ok := scalarText(n)
	return ok
}

func (w *walker) scalar(path string, n ast.Node, into reflect.Value, r rule) {
	var err error
	switch into.Kind() {
	case reflect.String:
		err = setString(n, into, r)
	case reflect.Bool:
		err = setBool(n, into)
	case reflect.Int, reflect.Int64:
		err = setInt(n, into, r)
	case reflect.Float64:
		err = setFloat(n, into, r)
	default:
		err = fault{"cannot be set", ""}
	}
	if err != nil {
		w.fault(w.spots[path].value, path, err)
	}
}

func setString(n ast.Node, into reflect.Value, r rule) error {
	s, ok := scalarText(n)
	if !ok {
		return fault{"must be text, is " + describe(n), "write it beside the key"}
	}
	if len(r.enum) > 0 {
		if !slices.Contains(r.enum, s) {
			return fault{fmt.Sprintf("%s is not one of its words", quote(s)), words.DidYouMean(s, r.enum)}
		}
	} else if !isText(n) {
		return fault{"must be text, is " + describe(n), "put it in quotes"}
	}
	if strings.TrimSpace(s) == "" {
		return fault{"is empty", r.whenEmpty()}
	}
	if len(s) > maxText {
		return fault{fmt.Sprintf("has %d bytes; at most %d are read", len(s), maxText), "make it shorter"}
	}
	into.SetString(s)
	return nil
}

// maxText bounds one text, in bytes.
const maxText = 4 << 10

func isText(n ast.Node) bool { return n.Type() == ast.StringType || n.Type() == ast.LiteralType }

func setBool(n ast.Node, into reflect.Value) error {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		return fault{"must be true or false, is " + describe(n), "write true or false, without quotes"}
	}
	into.SetBool(b.Value)
	return nil
}

func setInt(n ast.Node, into reflect.Value, r rule) error {
	v, ok := n.(*ast.IntegerNode)
	if !ok {
		return fault{"must be a whole number, is " + describe(n), "write digits alone"}
	}
	number, ok := wholeNumber(v.Value)
	if !ok {
		return fault{"is too large a number", "write a smaller one"}
	}
	if err := r.within(float64(number)); err != nil {
		return err
	}
	into.SetInt(number)
	return nil
}

func wholeNumber(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, v < 1<<53 && v > -1<<53
	case uint64:
		return int64(v), v < 1<<53
	}
	return 0, false
}

func setFloat(n ast.Node, into reflect.Value, r rule) error {
	var v float64
	switch t := n.(type) {
	case *ast.FloatNode:
		v = t.Value
	case *ast.IntegerNode:
		whole, ok := wholeNumber(t.Value)
		if !ok {
			return fault{"is too large a number", "write a smaller one"}
		}
		v = float64(whole)
	default:
		return fault{"must be a number, is " + describe(n), "write digits, such as 0.5"}
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fault{"must be a number", "write digits, such as 0.5"}
	}
	if err := r.within(v); err != nil {
		return err
	}
	into.SetFloat(v)
	return nil
}

// describe names what a node is, in people's words and without its content.
func describe(n ast.Node) string {
	switch n.Type() {
	case ast.NullType:
		return "empty"
	case ast.SequenceType:
		return "a list"
	case ast.MappingType, ast.MappingValueType:
		return "keys and values"
	case ast.StringType, ast.LiteralType:
		return "text"
	case ast.BoolType:
		return "true or false"
	case ast.IntegerType, ast.FloatType:
		return "a number"
	case ast.NanType, ast.InfinityType:
		return "no finite number"
	}
	return "something else"
}
