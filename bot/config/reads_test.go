package config

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/roundtrip-bot/roundtrip/"

// built is a package as the go command lists it.
type built struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
}

// reads are the fields, as deploy.Timeouts.Unknown, that the product reads: a
// field is read where it is selected and not given a value. Who reads the
// file, says what it means (roundtrip check) or pretends (the playground) is
// not who honours it.
func reads(t *testing.T) map[string]bool {
	t.Helper()
	all := packages(t)
	fset, read := token.NewFileSet(), map[string]bool{}
	from := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		i := slices.IndexFunc(all, func(p built) bool { return p.ImportPath == path })
		if i < 0 || all[i].Export == "" {
			return nil, errors.New("nobody built " + path)
		}
		return os.Open(all[i].Export)
	})
	for _, p := range all {
		if ours := strings.TrimPrefix(p.ImportPath, module); ours == p.ImportPath || ours == "bot/config" || strings.HasPrefix(ours, "bot/playground") {
			continue
		}
		readBy(t, fset, from, p, read)
	}
	return read
}

func packages(t *testing.T) (all []built) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles", "./cmd/roundtrip")
	c.Dir, c.Stderr = "../..", os.Stderr
	text, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(strings.NewReader(string(text))); ; {
		var p built
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func readBy(t *testing.T, fset *token.FileSet, from types.Importer, p built, read map[string]bool) {
	t.Helper()
	var files []*ast.File
	given := map[ast.Expr]bool{} // what stands left of =
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
		ast.Inspect(f, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok && a.Tok == token.ASSIGN {
				for _, left := range a.Lhs {
					given[left] = true
				}
			}
			return true
		})
	}
	info := types.Info{Selections: map[*ast.SelectorExpr]*types.Selection{}}
	conf := types.Config{Importer: from, Sizes: types.SizesFor("gc", "amd64")}
	if _, err := conf.Check(p.ImportPath, fset, files, &info); err != nil {
		t.Fatal(err)
	}
	for expr, s := range info.Selections {
		if s.Kind() == types.FieldVal && !given[expr] && !strings.HasSuffix(fset.Position(expr.Pos()).Filename, "/cmd/roundtrip/check.go") {
			note(s, read)
		}
	}
}

// note goes down the way of a selection, which may lead through embedded
// structs.
func note(s *types.Selection, read map[string]bool) {
	at := s.Recv()
	for _, i := range s.Index() {
		if pointer, ok := at.Underlying().(*types.Pointer); ok {
			at = pointer.Elem()
		}
		field := at.Underlying().(*types.Struct).Field(i)
		if named, ok := at.(*types.Named); ok && named.Obj().Pkg() != nil {
			read[named.Obj().Pkg().Path()+"."+named.Obj().Name()+"."+field.Name()] = true
		}
		at = field.Type()
	}
}
