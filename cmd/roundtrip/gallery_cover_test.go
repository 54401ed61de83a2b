package main

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
)

// cannotBeShown are wordings without an item, and why there can be none. The
// tests of their own packages hold them.
var cannotBeShown = map[string]string{
	"| %s | %s | |\n":   "a row that nobody sees without its table",
	"2 Jan 15:04 UTC":   "the form of a moment",
	"open a revert of ": "what is taken off an error's beginning; nobody reads it",
	"^((stopped|rolled back|taken back) by @[A-Za-z0-9-]+|@[A-Za-z0-9-]+ asked for it)?[\\pL\\pN\\pM ,.;:()%×'_/-]*$": "the form of a reason that may stand in a sentence",

	"bots may not ": "bots' comments are passed over and they press nothing; this is the lock behind that door",
	"GitHub does not say which commit #%d is":                                                       "the pretend GitHub always knows the head",
	"GitHub does not say when %s became the head of #%d, so I cannot tell whether you have seen it": "the pretend GitHub remembers each push",
	"#%d came to %s together with #%d, and either may have broken it":                               "only a race shows it: where the bot has heard of both pushes, neither is certain",
	"#%d was merged after your comment, so you may not have meant what came of that on the branch":  "only a webhook that comes late shows it",
	"the commit it broke with": "only where the file stops asking for what failed first while a revert is open",
}

// TestGalleryShowsAll: what handlers refuse with and what bot/words says is
// in the gallery. A literal counts as shown when some item holds its words;
// what a format puts between them may be anything.
func TestGalleryShowsAll(t *testing.T) {
	t.Parallel()
	var shown []string
	for _, item := range galleryItems(t) {
		if item.Group != gallery.Pages {
			shown = append(shown, strings.ToLower(item.Text()))
		}
	}
	used := map[string]bool{}
	for dir, files := range sources(t) {
		if dir != "handlers" && dir != "bot/words" {
			continue
		}
		for _, f := range files {
			for _, said := range sayings(dir, f.syntax) {
				if slices.ContainsFunc(shown, said.in) {
					continue
				}
				if _, ok := cannotBeShown[said.text]; ok {
					used[said.text] = true
					continue
				}
				t.Errorf("%s: no item of the gallery says %q; tell a story in which it is said", f.pos(said.at), said.text)
			}
		}
	}
	for text := range cannotBeShown {
		if !used[text] {
			t.Errorf("%q is shown, or said no more: delete it from cannotBeShown", text)
		}
	}
}

// saying is a literal with words for people.
type saying struct {
	text string
	form *regexp.Regexp
	at   ast.Node
}

func (s saying) in(text string) bool { return s.form.MatchString(text) }

// sayings of a file: of handlers what a refusal says, of words each literal
// of three words and more.
func sayings(dir string, f *ast.File) (list []saying) {
	take := func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		if text, err := strconv.Unquote(lit.Value); err == nil && len(strings.Fields(verbs.ReplaceAllString(text, ""))) >= 3 {
			list = append(list, saying{text, formOf(text), lit})
		}
		return true
	}
	if dir == "bot/words" {
		ast.Inspect(f, take)
		return list
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.CompositeLit); ok && isRefusal(lit.Type) {
			for _, e := range lit.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok && kv.Key.(*ast.Ident).Name == "Message" {
					ast.Inspect(kv.Value, take)
				}
			}
		}
		return true
	})
	return list
}

func isRefusal(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Refusal"
}

var verbs = regexp.MustCompile(`%%|%[-+#0-9.*\[\]]*[a-z]`)

// formOf matches a text in which a format's verbs have become something.
func formOf(format string) *regexp.Regexp {
	var b strings.Builder
	at := 0
	quote := func(s string) string {
		return regexp.QuoteMeta(strings.ToLower(strings.TrimSuffix(s, "\n")))
	}
	for _, m := range verbs.FindAllStringIndex(format, -1) {
		b.WriteString(quote(format[at:m[0]]))
		if format[m[0]:m[1]] == "%%" {
			b.WriteString("%")
		} else {
			b.WriteString(`[\s\S]*?`)
		}
		at = m[1]
	}
	b.WriteString(quote(format[at:]))
	return regexp.MustCompile(b.String())
}
