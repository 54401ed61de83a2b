package lines

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// What is larger is not read.
const (
	mostAttributes = 256 << 10 // bytes of a .gitattributes
	mostLines      = 500       // that we would have to ask, of all of them
	mostPattern    = 1 << 10   // bytes
)

// ReadAttributes understands the .gitattributes of a tree, by path. Errors say
// what was too large, for people; all else was understood.
func ReadAttributes(files map[string]string) (a Attributes, err error) {
	a = Attributes{Dirs: map[string][]Line{}, Macros: map[string][]Setting{}}
	var wrong []error
	all := map[string][]Line{}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if len(files[path]) > mostAttributes {
			wrong = append(wrong, fmt.Errorf("%s has more than %d KiB", path, mostAttributes>>10))
			continue
		}
		dir := strings.TrimSuffix(strings.TrimSuffix(path, ".gitattributes"), "/")
		all[dir] = a.read(files[path], dir == "")
	}
	n := 0
	for _, dir := range slices.Sorted(maps.Keys(all)) {
		for _, l := range all[dir] {
			if !a.matter(l.Settings) {
				continue
			}
			if n++; n > mostLines || len(l.Pattern) > mostPattern {
				wrong = append(wrong, fmt.Errorf("%s:%d is past the first %d lines, or its pattern past %d bytes", attributesOf(dir), l.Number, mostLines, mostPattern))
				return a, errors.Join(wrong...)
			}
			a.Dirs[dir] = append(a.Dirs[dir], l)
		}
	}
	return a, errors.Join(wrong...)
}

// matter reports whether settings can say anything of what we ask.
func (a Attributes) matter(settings []Setting) bool {
	for _, s := range settings {
		if _, macro := a.Macros[s.Name]; macro || strings.HasPrefix(s.Name, "linguist-") {
			return true
		}
	}
	return false
}

func (a Attributes) read(text string, root bool) (lines []Line) {
	number := 0
	for s := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		number++
		pattern, rest := first(strings.TrimLeft(s, " \t\r"))
		settings, ok := settingsOf(rest)
		name, macro := strings.CutPrefix(pattern, "[attr]")
		switch {
		case !ok || pattern == "" || pattern[0] == '#' || pattern[0] == '!':
		case macro && root:
			a.Macros[name] = settings
		case !macro && !strings.HasSuffix(pattern, "/"):
			lines = append(lines, Line{Pattern: pattern, Number: number, Settings: settings})
		}
	}
	return lines
}

// first cuts the pattern off a line; it may be quoted as in C.
func first(s string) (pattern, rest string) {
	if quoted, err := strconv.QuotedPrefix(s); err == nil && s[0] == '"' {
		if pattern, err := strconv.Unquote(quoted); err == nil {
			return pattern, s[len(quoted):]
		}
	}
	if i := strings.IndexAny(s, " \t\r"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// settingsOf reads what follows a pattern; false where git would not read it.
func settingsOf(s string) (all []Setting, ok bool) {
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\r' }) {
		name, value, has := strings.Cut(word, "=")
		switch {
		case name != "" && name[0] == '-':
			name, value = name[1:], unsetValue
		case name != "" && name[0] == '!':
			name, value = name[1:], ""
		case !has:
			value = setValue
		}
		if !named(name) {
			return nil, false
		}
		all = append(all, Setting{name, value})
	}
	return all, true
}

func named(s string) bool {
	return s != "" && s[0] != '-' && strings.Trim(s, "-._0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
