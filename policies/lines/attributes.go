package lines

import (
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// attributes that say what kind of lines a file has, in the order in which
// they are asked.
var attributes = []struct {
	name string
	kind Kind
}{
	{"linguist-generated", Generated},
	{"linguist-vendored", Vendored},
	{"linguist-documentation", Docs},
}

// Attributes are what the .gitattributes of a tree say, by directory ("" is
// the root).
type Attributes struct {
	Dirs   map[string][]Line    `json:"dirs,omitempty"`
	Macros map[string][]Setting `json:"macros,omitempty"`
}

// Line of a .gitattributes.
type Line struct {
	Pattern  string    `json:"pattern"`
	Number   int       `json:"number"`
	Settings []Setting `json:"settings"`
}

// What an attribute is that has no value, beside "" where it is to be as if
// nobody had spoken. No value has a space.
const (
	setValue   = " set"
	unsetValue = " unset"
)

// Setting of an attribute.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// said is what is known of an attribute of a file.
type said struct {
	value      string
	set, unset bool
	rule       Rule
}

// Of says what the attributes are for a file: the nearest directory wins, in
// it the last line that matches.
func (a Attributes) Of(path string) map[string]said {
	all := map[string]said{}
	if len(a.Dirs) == 0 {
		return all
	}
	for end := len(path); end >= 0; {
		end = strings.LastIndexByte(path[:end], '/')
		dir, rest := "", path
		if end >= 0 {
			dir, rest = path[:end], path[end+1:]
		}
		lines := a.Dirs[dir]
		for i := len(lines) - 1; i >= 0; i-- {
			if lines[i].matches(rest) {
				a.fill(all, lines[i].Settings, Rule{By: ByAttributes, Name: attributesOf(dir), Line: lines[i].Number})
			}
		}
	}
	return all
}

func attributesOf(dir string) string {
	if dir == "" {
		return ".gitattributes"
	}
	return dir + "/.gitattributes"
}

// fill takes what is not known yet, of a line's the last first. What is a
// macro, and set, stands for others.
func (a Attributes) fill(all map[string]said, settings []Setting, rule Rule) {
	for i := len(settings) - 1; i >= 0; i-- {
		s := settings[i]
		if _, known := all[s.Name]; known {
			continue
		}
		all[s.Name] = saidOf(s.Value, rule)
		if s.Value == setValue {
			a.fill(all, a.Macros[s.Name], rule)
		}
	}
}

// saidOf: as GitHub reads it, any value but false sets an attribute.
func saidOf(value string, rule Rule) said {
	no := value == unsetValue || value == "false"
	return said{value: value, set: value != "" && !no, unset: no, rule: rule}
}

// matches reports whether a line speaks of a path below its directory. One
// without a slash speaks of names, one that ends with it of directories, which
// have no lines.
func (l Line) matches(path string) bool {
	p := l.Pattern
	if !strings.Contains(p, "/") {
		path = path[strings.LastIndexByte(path, '/')+1:]
	}
	ok, err := doublestar.Match(glob(strings.TrimPrefix(p, "/")), path)
	return err == nil && ok
}

// glob is a pattern of git's for our matcher: to git a brace is a letter, and
// what ends with /** is inside.
func glob(p string) string {
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case c == '\\' && i+1 < len(p):
			i++
			b.WriteString(p[i-1 : i+1])
		case c == '{' || c == '}':
			b.WriteString(`\` + string(c))
		default:
			b.WriteByte(c)
		}
	}
	p = b.String()
	if strings.HasSuffix(p, "/**") {
		p += "/*"
	}
	return p
}
