package metrics

import (
	"errors"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func TestSelectors(t *testing.T) {
	series := map[string]string{"service": "shop", "code": "503", "path": "a\nb", "quote": `"`}
	for expr, want := range map[string]bool{
		`x`:                                true,
		` x { } `:                          true,
		`x{service="shop"}`:                true,
		`x{ service="shop",code=~"5.." }`:  true,
		`x{service="shop", code=~"5..", }`: true,
		`x{service='shop'}`:                true,
		"x{service=`shop`}":                true,
		`x{code=~"5"}`:                     false, // the whole value must match
		`x{code=~"4..|5.."}`:               true,
		`x{code!~"4.."}`:                   true,
		`x{code!="503"}`:                   false,
		`x{nothing=""}`:                    true, // a label that is not there is empty
		`x{nothing!=""}`:                   false,
		`x{nothing=~".+"}`:                 false,
		`x{path="a\nb",quote="\""}`:        true,
		`x{path=~"a.b"}`:                   true, // a dot is a new line too
		`x{service="\x73hop"}`:             true,
		`x{code=~"5..",code!="503"}`:       false,
	} {
		s, err := parseSelector(expr)
		if err != nil || s.name != "x" || s.matches(series) != want {
			t.Errorf("%s: %+v, %v, want %v", expr, s, err, want)
		}
	}
}

func TestWhatIsNoSelectorSaysWhatToDo(t *testing.T) {
	for _, expr := range []string{
		"", "{", "5", `{__name__="x"}`, `x{__name__="y"}`, "x{", "x{}}", "x{a}", `x{a="b"`, `x{a="b}`, `x{a=b}`, `x{,a="b"}`, `x{a="b",,}`,
		`x{a="b" c="d"}`, `x{a=~"("}`, `x{a=="b"}`, `x{a>"b"}`, `x{a="\q"}`, "x{a=\"b\n\"}", `x{a="'` + "`}",
		"sum(x)", "rate(x[5m])", "x[5m]", "x offset 5m", "x + y", "x @ 5", `x{version="{{ .SHA }}"} or y`, "x{{ .Arm }}", `x{a.b="c"}`,
		"x{" + strings.Repeat(`a="b",`, 33) + "}", "x{a=\"" + strings.Repeat("b", 5000) + `"}`,
	} {
		_, err := parseSelector(expr)
		if !errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), "write one counter with matchers") || len(err.Error()) > 700 {
			t.Errorf("%q: %v", expr, err)
		}
	}
}

func FuzzParseSelector(f *testing.F) {
	for _, s := range []string{`http_requests_total{ service="shop",code=~"5.." }`, "x{a='\\x41'}", "x{a=`b`,}", `x{a!~"\u00e4"}`, `x{a="\377"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		s, err := parseSelector(expr)
		if err != nil {
			if !errors.As(err, &bot.Permanent{}) {
				t.Errorf("%q: %v", expr, err)
			}
			return
		}
		s.matches(map[string]string{"a": "b"})
		if !metricName.MatchString(s.name) || !strings.Contains(expr, s.name) {
			t.Errorf("%q has the name %q", expr, s.name)
		}
	})
}
