package fakegithub

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// allowed are the tags that a comment may write itself, without attributes.
var allowed = []string{"details", "summary", "br", "sub", "sup", "kbd", "b", "i", "em", "strong", "code", "hr", "p"}

var (
	hidden = regexp.MustCompile(`(?s)<!--.*?(-->|$)`)
	tag    = regexp.MustCompile(`</?[a-zA-Z][^>]*>|<`)
	named  = regexp.MustCompile(`^<(/?)([a-zA-Z]+)\s*/?>$`)
)

// flavoured is Markdown of GitHub's kind; to set it up takes longer than to draw a comment.
var flavoured = goldmark.New(
	goldmark.WithExtensions(extension.GFM),
	goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(harmless{}, 100))),
)

// Render draws Markdown as the pages of this stand-in do.
func Render(markdown string) string { return render(markdown) }

// render is Markdown as a page shows it: GitHub's kind, with hidden comments
// left out and strangers' HTML shown as text, except for a few harmless tags.
func render(markdown string) string {
	var b bytes.Buffer
	if err := flavoured.Convert([]byte(markdown), &b); err != nil {
		return html.EscapeString(markdown)
	}
	return b.String()
}

// harmless writes raw HTML so that it does no harm.
type harmless struct{}

// RegisterFuncs is goldmark's.
func (harmless) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkSkipChildren, nil
		}
		_, err := w.WriteString(clean(string(n.(*ast.RawHTML).Segments.Value(source))))
		return ast.WalkSkipChildren, err
	})
	r.Register(ast.KindHTMLBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		block := n.(*ast.HTMLBlock)
		text := string(block.Lines().Value(source))
		if block.HasClosure() {
			text += string(block.ClosureLine.Value(source))
		}
		_, err := w.WriteString(clean(text))
		return ast.WalkContinue, err
	})
}

func clean(raw string) string {
	raw = hidden.ReplaceAllString(raw, "")
	return tag.ReplaceAllStringFunc(raw, func(t string) string {
		m := named.FindStringSubmatch(t)
		if m == nil || !slices.Contains(allowed, strings.ToLower(m[2])) {
			return html.EscapeString(t)
		}
		return "<" + m[1] + strings.ToLower(m[2]) + ">"
	})
}
