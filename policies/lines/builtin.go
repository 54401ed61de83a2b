package lines

import (
	"slices"
	"strings"
)

// names are patterns of a kind that need no rule.
type names struct {
	kind    Kind
	whole   []string    // names of files
	ends    []string    // of names of files
	around  [][2]string // begin and end of names of files
	dirs    []string    // anywhere above
	topDirs []string    // at the root
}

// builtIn, in order; the first match wins.
var builtIn = []names{
	{kind: Lockfile, whole: []string{
		"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "deno.lock",
		"go.sum", "go.work.sum", "Gopkg.lock", "glide.lock", "Cargo.lock", "Gemfile.lock", "composer.lock",
		"poetry.lock", "pdm.lock", "uv.lock", "Pipfile.lock", "pixi.lock", "conda-lock.yml", "mix.lock", "rebar.lock", "pubspec.lock",
		"Podfile.lock", "Package.resolved", "Cartfile.resolved", "packages.lock.json", "paket.lock", "flake.lock", "gradle.lockfile",
		"MODULE.bazel.lock", "esy.lock", "stack.yaml.lock", "cabal.project.freeze", "Manifest.toml", ".terraform.lock.hcl", "Chart.lock",
	}},
	{kind: Vendored, dirs: []string{"vendor", "node_modules", "third_party", "bower_components", "Godeps"}, topDirs: []string{".yarn/releases", ".yarn/plugins"}},
	{kind: Generated,
		ends: []string{
			".pb.go", ".pb.gw.go", ".pb.cc", ".pb.h", "_pb2.py", "_pb2_grpc.py", "_pb2.pyi", "_pb.js", "_pb.d.ts", "_pb.rb", ".pb.swift", ".pbobjc.h", ".pbobjc.m",
			"_generated.go", ".generated.go", ".gen.go", ".g.dart", ".freezed.dart", ".Designer.cs", ".designer.cs", ".g.cs",
			".min.js", ".min.css", ".js.map", ".css.map", ".snap",
		},
		around: [][2]string{{"zz_generated.", ""}}},
	{kind: Tests,
		ends: []string{
			"_test.go", ".test.js", ".test.jsx", ".test.ts", ".test.tsx", ".test.mjs", ".test.cjs", ".spec.js", ".spec.jsx", ".spec.ts", ".spec.tsx", ".cy.ts", ".cy.js",
			"_test.py", "_test.rb", "_spec.rb", "_test.exs", "_test.dart", "_test.cc", "_test.cpp", "Test.java", "Tests.java", "Test.kt", "Tests.kt", "Test.php", "Tests.cs", "Test.cs", "Tests.swift", "Spec.scala", "_test.clj", "_test.rs",
		},
		around: [][2]string{{"test_", ".py"}},
		dirs:   []string{"test", "tests", "__tests__", "testdata", "e2e", "__mocks__", "__snapshots__"}},
	{kind: Docs,
		whole:   []string{"LICENSE", "COPYING", "NOTICE", "AUTHORS", "CONTRIBUTORS", "CHANGELOG", "README"},
		ends:    []string{".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc"},
		topDirs: []string{"docs", "doc"}},
}

// match names the pattern by which a file is of the kind.
func (n names) match(path string) (pattern string, ok bool) {
	dir, name := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir, name = path[:i], path[i+1:]
	}
	if slices.Contains(n.whole, name) {
		return name, true
	}
	for _, e := range n.ends {
		if strings.HasSuffix(name, e) {
			return "*" + e, true
		}
	}
	for _, a := range n.around {
		if strings.HasPrefix(name, a[0]) && strings.HasSuffix(name, a[1]) {
			return a[0] + "*" + a[1], true
		}
	}
	for _, d := range n.topDirs {
		if dir == d || strings.HasPrefix(dir, d+"/") {
			return d + "/", true
		}
	}
	for part := range strings.SplitSeq(dir, "/") {
		if part != "" && slices.Contains(n.dirs, part) {
			return part + "/", true
		}
	}
	return "", false
}
