package lines

import "github.com/bmatcuk/doublestar/v4"

// Kind of a file's lines.
type Kind string

// Kinds, as a repository's file names them.
const (
	Code      Kind = "code"
	Tests     Kind = "tests"
	Docs      Kind = "docs"
	Generated Kind = "generated"
	Vendored  Kind = "vendored"
	Lockfile  Kind = "lockfile"
)

// By is where a kind comes from.
type By string

// In this order; the first that speaks wins.
const (
	ByFile       By = "count"      // Line is the rule's place in batch.count, from 1
	ByAttributes By = "attributes" // Name is the path of a .gitattributes, Line a line of it
	BuiltIn      By = "built-in"   // Name is a pattern
	ByHeader     By = "header"     // the file says so itself
	ByDefault    By = ""           // nobody spoke: code
)

// Rule says where a kind comes from.
type Rule struct {
	By   By     `json:"by,omitempty"`
	Name string `json:"name,omitempty"`
	Line int    `json:"line,omitempty"`
}

// Header says what is made of a new file that says of itself that it is
// generated. Anybody can write that, so that nothing follows from it by
// itself.
type Header string

// Headers.
const (
	Report Header = ""
	Trust  Header = "trust"
	Ignore Header = "ignore"
)

// As says which kind the lines of some files are.
type As struct {
	Paths []string `json:"paths"` // doublestar globs
	As    Kind     `json:"as"`
}

// Rules say what counts. They come from the base of a change, never from its
// head.
type Rules struct {
	Count      []As             `json:"count,omitempty"` // first match wins
	Weights    map[Kind]float64 `json:"weights,omitempty"`
	Attributes Attributes       `json:"attributes,omitempty"`
	Header     Header           `json:"header,omitempty"`
	blind      bool
}

// weight of a line: what is not given is 1 for code and 0 for the rest.
func (r Rules) weight(k Kind) float64 {
	if w, ok := r.Weights[k]; ok {
		return w
	}
	if k == Code {
		return 1
	}
	return 0
}

// Blind are the rules where .gitattributes could not be read: of what they
// might speak against, all counts as code, so that no count is too small.
func (r Rules) Blind() Rules {
	r.Attributes, r.blind = Attributes{}, true
	return r
}

// Heaviest is how much a line counts that nobody can see: it could be of any
// kind, and is code where none weighs more.
func (r Rules) Heaviest() float64 {
	most := 1.0
	for _, w := range r.Weights {
		most = max(most, w)
	}
	return most
}

// AtMost is what so many lines count that nobody looked at.
func (r Rules) AtMost(lines int) int { return whole(float64(lines) * r.Heaviest()) }

// Bounded reports whether no line counts more than once, so that a change with
// few lines needs no look at its files.
func (r Rules) Bounded() bool { return r.Heaviest() <= 1 }

func (r Rules) kind(path string, trusted bool) (Kind, Rule) {
	for i, c := range r.Count {
		for _, glob := range c.Paths {
			if ok, err := doublestar.Match(glob, path); err == nil && ok {
				return c.As, Rule{By: ByFile, Line: i + 1}
			}
		}
	}
	said := r.Attributes.Of(path)
	for _, a := range attributes {
		if s := said[a.name]; s.set {
			return a.kind, s.rule
		}
	}
	denied := func(k Kind) bool {
		for _, a := range attributes {
			if s := said[a.name]; a.kind == k && s.unset {
				return true
			}
		}
		return false
	}
	for _, b := range builtIn {
		if denied(b.kind) || b.kind == Lockfile && denied(Generated) || r.blind && b.kind != Tests {
			continue
		}
		if name, ok := b.match(path); ok {
			return b.kind, Rule{By: BuiltIn, Name: name}
		}
	}
	if trusted && !denied(Generated) {
		return Generated, Rule{By: ByHeader}
	}
	return Code, Rule{}
}
