package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/roundtrip-bot/roundtrip"

// A row says what a package may import. Deciding packages import only
// deciding packages; adapters know the vocabulary and not one another; only
// cmd knows everybody.
type row struct {
	ours    []string // below the module; "..." ends a prefix
	outside []string // standard library: what of the I/O is allowed; else: modules
	pure    bool     // no I/O, no clock, no randomness
}

var pureOurs = []string{"bot", "bot/when", "bot/rule", "bot/words", "policies", "policies/lines", "policies/trunk", "policies/split", "deploy", "deploy/judge", "bot/flow"}

var rows = map[string]row{
	"bot":                          {outside: []string{"context"}, pure: true},
	"bot/when":                     {ours: []string{"bot"}, outside: []string{"github.com/robfig/cron/v3"}, pure: true},
	"bot/words":                    {ours: []string{"bot"}, pure: true},
	"policies":                     {ours: []string{"bot", "bot/when", "bot/words", "policies/lines", "policies/trunk"}, outside: []string{"github.com/bmatcuk/doublestar/v4"}, pure: true},
	"policies/split":               {ours: []string{"bot", "policies/lines"}, pure: true},
	"policies/lines":               {ours: []string{"bot"}, outside: []string{"github.com/bmatcuk/doublestar/v4"}, pure: true},
	"policies/trunk":               {ours: []string{"bot"}, pure: true},
	"deploy":                       {ours: []string{"bot", "bot/when", "bot/words", "deploy/judge"}, outside: []string{"github.com/bmatcuk/doublestar/v4"}, pure: true},
	"deploy/judge":                 {pure: true},
	"bot/flow":                     {ours: []string{"bot", "bot/when", "bot/words"}, pure: true},
	"handlers":                     {ours: pureOurs, outside: []string{"context", "github.com/bmatcuk/doublestar/v4"}, pure: true},
	"bot/config":                   {ours: pureOurs, outside: []string{"*"}},
	"bot/engine":                   {ours: []string{"bot"}, outside: []string{"*"}},
	"bot/store":                    {ours: []string{"bot"}, outside: []string{"*"}},
	"bot/store/pgtest":             {outside: []string{"*"}},
	"bot/store/storetest":          {ours: []string{"bot"}, outside: []string{"*"}},
	"bot/github":                   {ours: []string{"bot"}, outside: []string{"*"}},
	"bot/slack":                    {ours: []string{"bot"}, outside: []string{"*"}},
	"bot/trace":                    {ours: []string{"bot", "bot/engine"}, outside: []string{"*"}},
	"bot/dial":                     {ours: []string{"bot"}, outside: []string{"*"}},
	"deploy/executor":              {ours: []string{"bot", "bot/dial", "deploy"}, outside: []string{"*"}},
	"deploy/executor/executortest": {ours: []string{"bot", "deploy/executor"}, outside: []string{"*"}},
	"deploy/metrics":               {ours: []string{"bot", "bot/dial", "deploy"}, outside: []string{"*"}},
	"deploy/metrics/metricstest":   {ours: []string{"bot", "deploy/metrics"}, outside: []string{"*"}},
	"bot/web":                      {ours: pureOurs, outside: []string{"*"}},
	"bot/playground":               {ours: []string{"bot", "bot/playground/..."}, outside: []string{"*"}},
	"bot/playground/clone":         {outside: []string{"*"}},
	"bot/playground/fakegithub":    {ours: []string{"bot"}, outside: []string{"*"}},
	"bot/playground/fakeslack":     {ours: []string{"bot"}, outside: []string{"*"}},
	"bot/playground/fakeprod":      {ours: []string{"bot"}, outside: []string{"*"}},
	"bot/playground/bench":         {ours: []string{"bot"}, outside: []string{"*"}},
	"bot/playground/campaign":      {ours: []string{"bot", "bot/playground", "bot/playground/..."}, outside: []string{"*"}},
	"bot/playground/gallery":       {ours: []string{"bot", "bot/words"}, outside: []string{"sync"}},
	"bot/playground/lab":           {outside: []string{"*"}},
	"bot/playground/memory":        {ours: []string{"bot"}, outside: []string{"context", "sync"}},
	"bot/playground/sim":           {ours: []string{"bot", "bot/engine", "deploy", "handlers", "bot/playground", "bot/playground/..."}, outside: []string{"*"}},
	"bot/playground/story":         {ours: []string{"bot", "bot/engine", "handlers", "bot/playground", "bot/playground/..."}, outside: []string{"*"}},
	"bot/playground/trunks":        {ours: []string{"bot", "policies/trunk"}, outside: []string{"*"}},
	"cmd/roundtrip":                {ours: []string{"..."}, outside: []string{"*"}},
}

// Only these may import these: what is dangerous or replaceable stays behind
// one package.
var behind = map[string][]string{
	"github.com/google/go-github/":            {"bot/github"},
	"github.com/bradleyfalzon/ghinstallation": {"bot/github"},
	"github.com/slack-go/slack":               {"bot/slack"},
	"modernc.org/sqlite":                      {"bot/store"},
	"github.com/jackc/":                       {"bot/store", "bot/store/pgtest"},
	"database/sql":                            {"bot/store"},
	"github.com/robfig/cron":                  {"bot/when"},
	"github.com/goccy/go-yaml":                {"bot/config"},
	"go.opentelemetry.io/":                    {"bot/trace"},
	"github.com/prometheus/prometheus/":       {"bot/playground/lab"},
}

// impure packages of the standard library: input, output, clocks and chance.
var impure = []string{"bufio", "context", "crypto/rand", "database/", "embed", "io/fs", "io/ioutil", "log", "math/rand", "net", "os", "path/filepath", "plugin", "runtime", "sync", "syscall", "testing", "unsafe", "html/template", "text/template"}

func TestLayers(t *testing.T) {
	for dir, files := range sources(t) {
		r, ok := rows[dir]
		if !ok {
			t.Errorf("%s has no row: decide where it belongs and say so in layering_test.go", dir)
			continue
		}
		for _, f := range files {
			for _, spec := range f.syntax.Imports {
				p, _ := strconv.Unquote(spec.Path.Value)
				if why := refuse(dir, r, p); why != "" {
					t.Errorf("%s imports %s: %s", f.name, p, why)
				}
			}
		}
	}
}

// refuse says why dir may not import p; "" when it may.
func refuse(dir string, r row, p string) string {
	if rest, ok := strings.CutPrefix(p, module+"/"); ok {
		if matches(r.ours, rest) {
			return ""
		}
		return dir + " may not know " + rest
	}
	for prefix, only := range behind {
		if strings.HasPrefix(p, prefix) && !slices.Contains(only, dir) && !strings.HasPrefix(dir, "bot/playground") {
			return "it stays behind " + strings.Join(only, ", ")
		}
	}
	if slices.Contains(r.outside, "*") || matches(r.outside, p) {
		return ""
	}
	if strings.Contains(strings.Split(p, "/")[0], ".") {
		return dir + " has no such outside library"
	}
	if r.pure && slices.ContainsFunc(impure, func(i string) bool {
		return p == strings.TrimSuffix(i, "/") || strings.HasPrefix(p, strings.TrimSuffix(i, "/")+"/")
	}) {
		return "a deciding package has no input, output, clock or chance"
	}
	return ""
}

func matches(patterns []string, p string) bool {
	return slices.ContainsFunc(patterns, func(pat string) bool {
		prefix, wild := strings.CutSuffix(pat, "...")
		return p == pat || wild && strings.HasPrefix(p, prefix)
	})
}

// TestNoClock: time comes with the event, so that everything decided can be
// decided again.
func TestNoClock(t *testing.T) {
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local"}
	for dir, files := range sources(t) {
		if !rows[dir].pure && !slices.Contains([]string{"bot/store", "bot/engine", "bot/github"}, dir) {
			continue
		}
		for _, f := range files {
			ast.Inspect(f.syntax, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && x.Obj == nil && slices.Contains(clock, sel.Sel.Name) {
					if dir == "bot/engine" && sel.Sel.Name == "After" {
						return true // an idle loop's look; it decides nothing
					}
					if f.name == "bot/github/client.go" && sel.Sel.Name == "Now" {
						return true // what New takes when nobody brings a clock
					}
					t.Errorf("%s: time.%s; use the event's time, or the store's", f.pos(sel), sel.Sel.Name)
				}
				return true
			})
		}
	}
}

type source struct {
	name   string
	syntax *ast.File
	fset   *token.FileSet
}

func (s source) pos(n ast.Node) string { return s.fset.Position(n.Pos()).String() }

// sources are the module's own files without tests, by folder.
func sources(t *testing.T) map[string][]source {
	t.Helper()
	root := filepath.Join("..", "..")
	found := map[string][]source{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && p != root && d.Name() != "..") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		fset := token.NewFileSet()
		syntax, err := parser.ParseFile(fset, p, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		dir := path.Dir(filepath.ToSlash(rel))
		found[dir] = append(found[dir], source{name: rel, syntax: syntax, fset: fset})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 3 {
		t.Fatalf("found only %d packages: is the walk right?", len(found))
	}
	return found
}
