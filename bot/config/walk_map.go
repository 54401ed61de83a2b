package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"

	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// entry is a key of a mapping with its value.
type entry struct {
	name  string
	path  string
	value ast.Node
}

// entries lists a mapping's keys, notes their places, and refuses what is not
// a mapping, keys that are there twice and keys that are not text.
func (w *walker) entries(path string, n ast.Node, same func(a, b string) bool) []entry {
	m, ok := n.(ast.MapNode)
	if !ok {
		w.wrong(path, "must hold keys and values, is "+describe(n), "write key: value, or { key: value }")
		return nil
	}
	var all []entry
	for it := m.MapRange(); it.Next(); {
		key, at := it.Key().GetToken().Value, placeOf(it.Key().GetToken())
		if len(all) == maxItems {
			w.note(at, path, fmt.Sprintf("has more than %d keys", maxItems), "use globs in place of long lists")
			break
		}
		e := entry{name: key, path: join(path, key), value: it.Value()}
		if i := slices.IndexFunc(all, func(o entry) bool { return same(o.name, key) }); i >= 0 {
			w.note(at, e.path, "this key is there twice", fmt.Sprintf("keep one; the first is on line %d", w.spots[all[i].path].key.line))
			continue
		}
		w.spots[e.path] = spot{at, startOf(e.value)}
		all = append(all, e)
	}
	return all
}

func join(path, key string) string {
	key = visible(key)
	if path == "" {
		return key
	}
	return path + "." + key
}

// visible is a key as it may be shown: not endlessly long, and with escapes in
// place of characters that hide or turn what stands beside them.
func visible(key string) string {
	if len(key) > 80 {
		key = strings.ToValidUTF8(key[:80], "") + "…"
	}
	if strings.ContainsFunc(key, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strings.Trim(strconv.Quote(key), `"`)
	}
	return key
}

// structure fills a struct: every key must be a field's.
func (w *walker) structure(path string, n ast.Node, into reflect.Value, depth int) {
	fields := fieldsOf(into.Type())
	for _, e := range w.entries(path, n, w.same) {
		i := slices.IndexFunc(fields, func(f field) bool { return w.same(f.name, e.name) })
		if i < 0 {
			w.unknown(path, e, fields)
			continue
		}
		canonical := join(path, fields[i].name)
		w.spots[canonical] = w.spots[e.path]
		w.value(canonical, e.value, into.Field(fields[i].index), fields[i].rule, depth+1)
	}
	w.missing(path, fields)
	if c, ok := into.Interface().(choice); ok && isMap(n) {
		w.oneOf(path, c.oneOf())
	}
}

func (w *walker) unknown(path string, e entry, fields []field) {
	var known []string
	for _, f := range fields {
		known = append(known, f.name)
	}
	w.wrongKey(e.path, "unknown key", words.DidYouMean(e.name, known))
	delete(w.spots, e.path)
}

func (w *walker) missing(path string, fields []field) {
	for _, f := range fields {
		if f.rule.required && !w.has(join(path, f.name)) {
			w.note(w.ownerOf(path), join(path, f.name), "is missing", "add "+f.name+":"+f.rule.example())
		}
	}
}

// ownerOf is where to point when something is missing below path.
func (w *walker) ownerOf(path string) place {
	if s, ok := w.spots[path]; ok {
		return s.key
	}
	return place{1, 1}
}

// choice is a struct of which exactly one of some fields must be given.
type choice interface{ oneOf() []string }

func (w *walker) oneOf(path string, names []string) {
	given := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !w.has(join(path, n)) })
	switch {
	case len(given) == 0:
		w.note(w.ownerOf(path), path, "names none of "+strings.Join(names, ", "), "give exactly one of them")
	case len(given) > 1:
		w.wrongKey(join(path, given[1]), fmt.Sprintf("cannot stand beside %s", given[0]), "give exactly one of "+strings.Join(names, ", "))
	}
}

// named fills a map whose keys are names of the file's author.
func (w *walker) named(path string, n ast.Node, into reflect.Value, r rule, depth int) {
	all := w.entries(path, n, func(a, b string) bool { return a == b })
	if isMap(n) {
		w.countItems(path, len(all), r)
	}
	into.Set(reflect.MakeMap(into.Type()))
	for _, e := range all {
		key := reflect.New(into.Type().Key())
		if err := key.Interface().(texted).setText(e.name); err != nil {
			w.fault(w.spots[e.path].key, e.path, err)
			continue
		}
		value := reflect.New(into.Type().Elem()).Elem()
		w.value(e.path, e.value, value, r.item(), depth+1)
		into.SetMapIndex(key.Elem(), value)
		w.order[path] = append(w.order[path], e.name)
	}
}

func isMap(n ast.Node) bool { _, ok := n.(ast.MapNode); return ok }
