package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// TestProductDoesNotKnowThePlayground: the bot of the playground is the bot
// of serve. No product package imports it, and none has a switch for it.
func TestProductDoesNotKnowThePlayground(t *testing.T) {
	looked := 0
	for dir, files := range sources(t) {
		if dir == "cmd/roundtrip" || strings.HasPrefix(dir, "bot/playground") {
			continue
		}
		for _, f := range files {
			looked++
			for _, n := range tells(f.syntax) {
				t.Errorf("%s: %s tells the playground from the world; only cmd and bot/playground know of it", f.pos(n), textOf(n))
			}
		}
	}
	if looked < 100 {
		t.Errorf("only %d files of the product were looked at: is the walk right?", looked)
	}
}

// pretend is what names the pretend world, in any case and as part of a word.
var pretend = []string{"playground", "fakegithub", "fakeslack", "fakeprod"}

// tells are the names and texts of a file, imports among them, by which its
// code could tell the pretend world from the real one. Comments may name it.
func tells(f *ast.File) (found []ast.Node) {
	ast.Inspect(f, func(n ast.Node) bool {
		text := strings.ToLower(textOf(n))
		if slices.ContainsFunc(pretend, func(p string) bool { return strings.Contains(text, p) }) {
			found = append(found, n)
		}
		return true
	})
	return found
}

// textOf a name or of a literal as it is written; empty: it is neither.
func textOf(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.BasicLit:
		if n.Kind == token.STRING {
			return n.Value
		}
	}
	return ""
}

// TestASwitchForThePlaygroundIsSeen: what TestProductDoesNotKnowThePlayground
// is there to see, it sees.
func TestASwitchForThePlaygroundIsSeen(t *testing.T) {
	for what, c := range map[string]struct {
		code string
		want int
	}{
		"an import":             {`import _ "github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"`, 1},
		"a variable's name":     {`import "os"; var on = os.Getenv("ROUNDTRIP_PLAYGROUND") != ""`, 1},
		"a field":               {`type Options struct { Playground bool }`, 1},
		"part of a word":        {`func inPlaygroundOnly() {}`, 1},
		"a method of something": {`func f(w world) bool { return w.IsFakeGitHub() }`, 1},
		"a host":                {"const host = `http://fakeprod.localhost`", 1},
		"each of them":          {`var fakeSlack = "fakeslack"`, 2},
		"a comment":             {"// in the playground too\nfunc f() {}", 0},
		"the product":           {`import "os"; var mode = os.Getenv("ROUNDTRIP_MODE")`, 0},
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "p.go", "package p\n"+c.code, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(what, err)
		}
		if got := tells(f); len(got) != c.want {
			t.Errorf("%s: %d were seen, not %d", what, len(got), c.want)
		}
	}
}
