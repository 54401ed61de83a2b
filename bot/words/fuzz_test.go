package words_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
)

// hostile are texts that once meant something somewhere.
var hostile = []string{
	"", " ", "`", "``", "a`b``c", "`@everyone`", "```\n@everyone\n```", "\\`@everyone", "@acme/all", "a|b", `a\|b`,
	"[x](https://evil.example)", "![x](https://evil.example/x.png)", "<img src=x>", "<!channel>", "<@U1>", "<https://evil.example|x>",
	"https://evil.example", "&lt;!channel&gt;", "&", "*bold*", "\u202etxt.exe", "a\u200bb", "\ufeffx", "\u2066x\u2069", "a\u3164b", "x\U000e0041",
	"a\u2028@everyone", "\x00\x1b[31m", "\xff\xfe", "# x", "- x", "1. x", "> x", "\t`", strings.Repeat("`x", 90), strings.Repeat("ü", 300),
}

func seed(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
}

// FuzzCode: whatever a stranger writes is one code span, alone on its line,
// in a sentence, in a list and in a cell; around it nothing changes.
func FuzzCode(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) {
		code := words.Code(s)
		invisible(t, code)
		for _, around := range [][2]string{{"", ""}, {"before ", " after"}, {"- before ", ": after"}, {"### before ", ""}} {
			spans, rest := parsed(t, around[0]+code+around[1])
			if want := strings.TrimLeft(around[0], "-# ") + around[1]; spans != 1 || strings.TrimSpace(rest) != strings.TrimSpace(want) {
				t.Fatalf("%q is %d code spans, and %q besides", around[0]+code+around[1], spans, rest)
			}
		}
	})
}

// FuzzWhy: a reason may be a stranger's, and a comment of ours calls nobody.
func FuzzWhy(f *testing.F) {
	seed(f)
	for _, s := range []string{"stopped by @bob: see www.evil.example", "stopped by @bob: @everyone", "x: //evil.example", "1) x", "nobody@evil.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, text := range []string{words.Rollout{Mood: "⛔", Why: s}.Comment(), words.BackOnIssue(bot.ChangeRef{Number: 1}, "shop", "production", "abc", s)} {
			_, rest := parsed(t, text)
			for _, ours := range []string{"Stopped by @", "Rolled back by @", "Taken back by @"} {
				rest = strings.Replace(rest, ours, "", 1)
			}
			if strings.Contains(rest, "@") && !strings.Contains(rest, " asked for it") {
				t.Fatalf("%q calls somebody: %s", s, text)
			}
		}
	})
}

// parsed counts the code spans and gathers the text outside of them. Links,
// images and HTML are never there.
func parsed(t *testing.T, markdown string) (spans int, rest string) {
	t.Helper()
	source := []byte(markdown)
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeSpan:
			spans++
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			rest += string(n.Segment.Value(source))
		case *ast.Link, *ast.AutoLink, *ast.Image, *ast.RawHTML, *ast.HTMLBlock, *ast.FencedCodeBlock, *ast.CodeBlock:
			t.Fatalf("%q holds a live %s", markdown, n.Kind())
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return spans, rest
}

var entity = regexp.MustCompile(`&(amp|lt|gt);`)

// markup fails when Slack could see a mention, a link or an entity of theirs.
func markup(t *testing.T, s string) {
	t.Helper()
	if strings.ContainsAny(s, "<>") || strings.Contains(entity.ReplaceAllString(s, ""), "&") {
		t.Fatalf("live markup: %q", s)
	}
}

func invisible(t *testing.T, s string) {
	t.Helper()
	for _, r := range s {
		if unicode.In(r, unicode.Cf, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point) || unicode.Is(unicode.Variation_Selector, r) && r != '\ufe0f' {
			t.Fatalf("%q holds %U, which nobody sees", s, r)
		}
	}
}

// FuzzSlack: no mention, no link, no line of its own.
func FuzzSlack(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) {
		safe := words.Slack(s)
		markup(t, safe)
		invisible(t, safe)
		markup(t, words.Chat(s))
		markup(t, words.ChatRefused(bot.Refusal{Message: s, Advice: s}))
		if link := words.Link(s, s); strings.HasPrefix(link, "<") {
			address, shown, ok := strings.Cut(strings.TrimSuffix(link[1:], ">"), "|")
			if !ok || !strings.HasPrefix(address, "http") {
				t.Fatalf("a link to %q", address)
			}
			markup(t, address)
			markup(t, shown)
		} else {
			markup(t, link)
		}
	})
}
