package config

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Limits of a walk. Aliases make a small file large: each use is visited again.
const (
	maxVisits   = 20_000
	maxMistakes = 100
)

// place counts from 1; the zero place is nowhere.
type place struct{ line, column int }

// spot is where a setting is: its key, and the value beside or below it.
type spot struct{ key, value place }

// walker fills structs from a tree and notes every mistake and every place.
type walker struct {
	file     string
	same     func(known, written string) bool // whether a key is a field's name
	anchors  map[string]ast.Node
	spots    map[string]spot
	order    map[string][]string // names in a map of settings, as written
	said     map[string]string   // single values, as written
	visits   int
	mistakes []bot.Mistake
}

func newWalker(file string) *walker {
	return &walker{file: file, same: func(a, b string) bool { return a == b },
		anchors: map[string]ast.Node{}, spots: map[string]spot{}, order: map[string][]string{}, said: map[string]string{}}
}

// wrong notes a mistake in the value at path, wrongKey in its name.
func (w *walker) wrong(path, message, hint string) { w.note(w.spots[path].value, path, message, hint) }

func (w *walker) wrongKey(path, message, hint string) {
	w.note(w.spots[path].key, path, message, hint)
}

func (w *walker) note(at place, path, message, hint string) {
	w.mistakes = append(w.mistakes, bot.Mistake{File: w.file, Line: at.line, Column: at.column, Path: path, Message: message, Hint: hint})
}

// has reports whether the file says something at path.
func (w *walker) has(path string) bool { _, ok := w.spots[path]; return ok }

// found returns the mistakes by their places, each once, and not endlessly many.
func (w *walker) found() []bot.Mistake {
	slices.SortStableFunc(w.mistakes, func(a, b bot.Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
	all := slices.Compact(w.mistakes)
	return all[:min(len(all), maxMistakes)]
}

// value fills into from the node at path. depth bounds recursion, also that
// of an anchor that holds itself.
func (w *walker) value(path string, n ast.Node, into reflect.Value, r rule, depth int) {
	if w.visits++; w.visits > maxVisits || depth > maxDepth {
		if w.visits == maxVisits+1 || depth > maxDepth {
			w.note(w.spots[path].key, path, "it holds too many values, or itself, through aliases", "write the values out")
			w.visits = maxVisits + 1
		}
		return
	}
	if n = w.resolve(path, n); n == nil {
		return
	}
	if s, ok := scalarText(n); ok {
		w.said[path] = s
	}
	if into.Kind() == reflect.Pointer {
		into.Set(reflect.New(into.Type().Elem()))
		into = into.Elem()
	}
	if t, ok := into.Addr().Interface().(texted); ok {
		if l, ok := t.(listed); ok && n.Type() == ast.SequenceType {
			into = reflect.ValueOf(l.list()).Elem()
		} else {
			w.text(path, n, t, r)
			return
		}
	}
	if t, ok := into.Addr().Interface().(worded); ok && isScalar(n) {
		w.text(path, n, t.word(), r)
		return
	}
	switch into.Kind() {
	case reflect.Struct:
		w.structure(path, n, into, depth)
	case reflect.Map:
		w.named(path, n, into, r, depth)
	case reflect.Slice:
		w.sequence(path, n, into, r, depth)
	default:
		w.scalar(path, n, into, r)
	}
}

// resolve looks through anchors and aliases.
func (w *walker) resolve(path string, n ast.Node) ast.Node {
	for range maxDepth {
		switch t := n.(type) {
		case *ast.AnchorNode:
			w.anchors[t.Name.GetToken().Value] = t.Value
			n = t.Value
		case *ast.AliasNode:
			to, ok := w.anchors[t.Value.GetToken().Value]
			if !ok {
				w.wrong(path, fmt.Sprintf("the alias *%s has no anchor before it", t.Value.GetToken().Value), "write the value out")
				return nil
			}
			n = to
		case nil:
			return nil
		default:
			return n
		}
	}
	w.wrong(path, "the alias means itself", "write the value out")
	return nil
}

func (w *walker) sequence(path string, n ast.Node, into reflect.Value, r rule, depth int) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		w.wrong(path, "must be a list, is "+describe(n), "put it in brackets: [ … ]")
		return
	}
	w.countItems(path, len(seq.Values), r)
	for i, item := range seq.Values {
		at := fmt.Sprintf("%s[%d]", path, i)
		p := startOf(item)
		w.spots[at] = spot{p, p}
		into.Set(reflect.Append(into, reflect.Zero(into.Type().Elem())))
		w.value(at, item, into.Index(i), r.item(), depth+1)
	}
	w.repeated(path, into)
}

func (w *walker) countItems(path string, n int, r rule) {
	least := max(r.minItems, 1)
	if n < least {
		w.wrong(path, fmt.Sprintf("needs at least %d in its list", least), "leave the key out if there is nothing to say")
	}
	if n > maxItems {
		w.wrong(path, fmt.Sprintf("has %d in its list; at most %d are read", n, maxItems), "use globs in place of long lists")
	}
}

// maxItems bounds lists and maps of names: "more than 500 rules" is refused.
const maxItems = 500

// repeated says which texts a list holds twice.
func (w *walker) repeated(path string, list reflect.Value) {
	if list.Type().Elem().Kind() != reflect.String {
		return
	}
	seen := map[string]int{}
	for i := range list.Len() {
		s := list.Index(i).String()
		if first, twice := seen[s]; twice && s != "" {
			w.wrong(fmt.Sprintf("%s[%d]", path, i), fmt.Sprintf("%q is there twice", s), fmt.Sprintf("remove one; the first is number %d", first+1))
			continue
		}
		seen[s] = i
	}
}

// startOf is where a value begins, as people see it: a mapping begins at its
// first key, not at the colon.
func startOf(n ast.Node) place {
	if m, ok := n.(ast.MapNode); ok && n.GetToken().Value != "{" {
		if it := m.MapRange(); it.Next() {
			return placeOf(it.Key().GetToken())
		}
	}
	return placeOf(n.GetToken())
}

func placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{1, 1}
	}
	return place{max(t.Position.Line, 1), max(t.Position.Column, 1)}
}
