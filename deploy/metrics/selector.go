package metrics

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// selector picks series of one metric, as http_requests_total{code=~"5.."}.
type selector struct {
	name     string
	matchers []matcher
}

type matcher struct {
	label string
	equal bool           // = and =~; not != and !~
	value string         // of = and !=
	re    *regexp.Regexp // of =~ and !~; nil else
}

// matches reports whether a series of the selector's name is meant. A label
// that a series does not have is empty, as in Prometheus.
func (s selector) matches(labels map[string]string) bool {
	for _, m := range s.matchers {
		got := labels[m.label] == m.value
		if m.re != nil {
			got = m.re.MatchString(labels[m.label])
		}
		if got != m.equal {
			return false
		}
	}
	return true
}

// Bounds of what strangers write.
const (
	maxExpression = 4096 // bytes
	maxMatchers   = 32
)

// parseSelector reads an expression that is one selector and nothing else: of
// what is computed already nobody can tell where a counter began again. Its
// errors are bot.Permanent and say what to do.
func parseSelector(expr string) (selector, error) {
	p := parser{rest: expr}
	s, err := p.selector()
	if len(expr) > maxExpression {
		err = fmt.Errorf("it is longer than %d bytes", maxExpression)
	}
	if err != nil {
		return selector{}, permanent(`%s is not a selector that can be counted: %w; write one counter with matchers, as http_requests_total{code=~"5.."}`,
			quote(expr), err)
	}
	return s, nil
}

func quote(s string) string {
	if runes := []rune(s); len(runes) > 100 {
		s = string(runes[:99]) + "…"
	}
	return strconv.Quote(s)
}

type parser struct{ rest string }

var (
	metricName = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*`)
	labelName  = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*`)
	operator   = regexp.MustCompile(`^(=~|!~|!=|=)`)
)

// take takes what re finds at the beginning, and the space around it.
func (p *parser) take(re *regexp.Regexp) string {
	p.space()
	found := re.FindString(p.rest)
	p.rest = p.rest[len(found):]
	p.space()
	return found
}

func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// eat takes a mark, if it is next.
func (p *parser) eat(mark string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, mark)
	p.rest = rest
	return ok
}

func (p *parser) selector() (s selector, err error) {
	if s.name = p.take(metricName); s.name == "" {
		return s, fmt.Errorf("it does not begin with a metric's name")
	}
	if p.eat("{") {
		if s.matchers, err = p.matchers(); err != nil {
			return s, err
		}
	}
	if p.space(); p.rest != "" {
		return s, fmt.Errorf("%s follows", quote(p.rest))
	}
	return s, nil
}

// matchers are separated by commas; the last may have one too.
func (p *parser) matchers() (list []matcher, err error) {
	for !p.eat("}") {
		m, err := p.matcher()
		if err != nil {
			return nil, err
		}
		list = append(list, m)
		if len(list) > maxMatchers {
			return nil, fmt.Errorf("it has more than %d matchers", maxMatchers)
		}
		if !p.eat(",") && !strings.HasPrefix(p.rest, "}") {
			return nil, fmt.Errorf("after the matcher of %s a comma or a closing brace is missing", m.label)
		}
	}
	return list, nil
}

func (p *parser) matcher() (m matcher, err error) {
	m.label = p.take(labelName)
	op := p.take(operator)
	switch {
	case m.label == "" || op == "":
		return m, fmt.Errorf(`a matcher is label="value", with = or != or =~ or !~`)
	case m.label == "__name__":
		return m, fmt.Errorf("the name stands before the braces")
	}
	if m.value, err = p.text(); err != nil {
		return m, fmt.Errorf("the value of %s %w", m.label, err)
	}
	m.equal = op == "=" || op == "=~"
	if strings.HasSuffix(op, "~") {
		// The whole value must match, and a dot is any character: Prometheus'
		// own way (its model/labels/regexp.go).
		if m.re, err = regexp.Compile("^(?s:" + m.value + ")$"); err != nil {
			return m, fmt.Errorf("the value of %s is no regular expression", m.label)
		}
	}
	return m, nil
}

// text is a string in double or single quotes with escapes, or in backquotes
// without.
func (p *parser) text() (string, error) {
	if p.rest == "" || !strings.ContainsRune("\"'`", rune(p.rest[0])) {
		return "", fmt.Errorf("is not in quotes")
	}
	mark := p.rest[0]
	p.rest = p.rest[1:]
	var out strings.Builder
	for p.rest != "" {
		if p.rest[0] == mark {
			p.rest = p.rest[1:]
			return out.String(), nil
		}
		if err := p.char(mark, &out); err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("has no closing quote")
}

func (p *parser) char(mark byte, out *strings.Builder) error {
	if mark == '`' {
		out.WriteByte(p.rest[0])
		p.rest = p.rest[1:]
		return nil
	}
	r, multibyte, rest, err := strconv.UnquoteChar(p.rest, mark)
	if err != nil || p.rest[0] == '\n' {
		return fmt.Errorf("has an escape that nobody knows")
	}
	p.rest = rest
	if multibyte {
		out.WriteRune(r)
		return nil
	}
	out.WriteByte(byte(r)) // \x and octal escapes are bytes
	return nil
}
