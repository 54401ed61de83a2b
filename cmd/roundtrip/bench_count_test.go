package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/clone"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
)

// A repository of everything that was ever counted wrongly: each change counts
// from GitHub's list what it counts on whole files, also where GitHub leaves
// most of it out.
func TestHostileChangesAreCounted(t *testing.T) {
	t.Parallel()
	dir := hostile(t)
	code, out, complaint := runWith(t, nil, "bench", "count", "--git", dir)
	if code != 0 || !strings.Contains(out, " 0 different, 0 too few\n") || !strings.Contains(out, "removed files: 0 below;") {
		t.Errorf("%d: %s%s", code, out, complaint)
	}
	code, out, complaint = runWith(t, nil, "bench", "count", "--git", dir, "--answer", "40", "--patch", "15", "--last", "60")
	if code != 0 || !strings.Contains(out, "60 changes") || strings.Contains(out, " 0 more where") {
		t.Errorf("a harder GitHub: %d: %s%s", code, out, complaint)
	}
}

func TestCountWantsAClone(t *testing.T) {
	code, _, complaint := runWith(t, nil, "bench", "count", "--last=-1", "--answer", "0")
	for _, want := range []string{"--git", "--last", "--answer"} {
		if code != 2 || !strings.Contains(complaint, want) {
			t.Errorf("%d: %s", code, complaint)
		}
	}
	if code, _, complaint = runWith(t, nil, "bench", "count", "--git", t.TempDir()); code != 1 || !strings.Contains(complaint, "not a git repository") {
		t.Errorf("%d: %s", code, complaint)
	}
}

// What is counted wrongly is named, and is an error.
func TestWrongCountsAreNamed(t *testing.T) {
	change := clone.Change{Step: clone.Step{After: strings.Repeat("a", 40)}}
	for want, e := range map[string]evaluated{
		"1 too few":      {count: lines.Count{Effective: 2}, whole: 3},
		"1 different":    {count: lines.Count{Effective: 4}, whole: 3},
		"1 more where":   {count: lines.Count{Effective: 4, Missing: 1}, whole: 3},
		"1 equal":        {count: lines.Count{Effective: 3}, whole: 3},
		"files: 1 below": {count: lines.Count{Effective: 3}, whole: 3, below: []clone.Tally{{}}},
	} {
		var out bytes.Buffer
		totals := countTotals{out: &out}
		e.change = change
		totals.add(e)
		if err := totals.tell(0); !strings.Contains(out.String(), want) || (err == nil) != (want == "1 equal" || want == "1 more where") {
			t.Errorf("%s: %v\n%s", want, err, out.String())
		}
	}
}

// history writes commits for git fast-import.
type history struct {
	bytes.Buffer
	n int
}

// commit changes files: a text, or "" to take one away; "mode text" where the
// path ends with a colon.
func (h *history) commit(files map[string]string) {
	h.n++
	fmt.Fprintf(h, "commit refs/heads/main\nmark :%d\ncommitter A <a@example.com> %d +0000\ndata 1\nx\n", h.n, 1_700_000_000+h.n)
	for path, text := range files {
		mode := "100644"
		if p, ok := strings.CutSuffix(path, ":"); ok {
			path = p
			mode, text, _ = strings.Cut(text, " ")
		}
		switch {
		case text == "":
			fmt.Fprintf(h, "D %s\n", path)
		case mode == "160000":
			fmt.Fprintf(h, "M %s %s %s\n", mode, text, path)
		default:
			fmt.Fprintf(h, "M %s inline %s\ndata %d\n%s\n", mode, path, len(text), text)
		}
	}
	h.WriteString("\n")
}

func hostile(t *testing.T) string {
	t.Helper()
	h, dir := &history{}, t.TempDir()
	h.told()
	h.large()
	h.chance()
	for _, args := range [][]string{{"init", "-q", "--bare", "-b", "main", dir}, {"--git-dir", dir, "fast-import", "--quiet"}} {
		c := exec.CommandContext(t.Context(), "git", args...)
		c.Stdin = &h.Buffer
		if len(args) > 4 { // init reads nothing
			c.Stdin = nil
		}
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v %s", args, err, out)
		}
	}
	return dir
}

// told are changes of each kind that somebody told of.
func (h *history) told() {
	var code, body strings.Builder
	for i := range 60 {
		fmt.Fprintf(&code, "func f%d() int {\n\tx := %d\n\n\tif x > limit {\n\t\treturn none\n\t}\n\treturn x\n}\n\n", i, i%9)
	}
	for i := range 12 {
		fmt.Fprintf(&body, "\tstep%d()\n\t\tcall%d(x)\n}\n", i, i)
	}
	text, block := code.String(), body.String()
	crlf := strings.ReplaceAll(text, "\n", "\r\n")
	h.commit(map[string]string{"a.go": text, "a_test.go": text, "README.md": "# a\n", "last.go": "no newline"})
	h.commit(map[string]string{"a.go": "", "b.go": strings.Replace(text, "x := 3", "x := 33", 2)}) // renamed with edits
	h.commit(map[string]string{"b.go": "", "dir/c.go": strings.Replace(text, "x := 3", "x := 33", 2)})
	h.commit(map[string]string{"x.png": "\x89PNG\x00\x01", "y.go": "a\x00b\n"})
	h.commit(map[string]string{"x.png": "\x89PNG\x00\x02\x03"})
	h.commit(map[string]string{"dir/c.go:": "100755 " + strings.Replace(text, "x := 3", "x := 33", 2)}) // a mode alone
	h.commit(map[string]string{"sub:": "160000 " + strings.Repeat("1a", 20)})
	h.commit(map[string]string{"sub:": "160000 " + strings.Repeat("2b", 20)})
	h.commit(map[string]string{"sub": "", "link:": "120000 dir/c.go"})
	h.commit(map[string]string{"link": "a file now\nof two lines\n"})
	h.commit(map[string]string{"link:": "120000 elsewhere", "new.go": text})
	h.commit(map[string]string{"new.go": crlf})
	h.commit(map[string]string{"new.go": strings.ReplaceAll(crlf, "x > limit", "x >= limit")})
	h.commit(map[string]string{"last.go": "no newline\n"})
	h.commit(map[string]string{"last.go": "no newline\nmore"})
	h.commit(map[string]string{"m1.go": text + block, "m2.go": "package m\n"})
	h.commit(map[string]string{"m1.go": text, "m2.go": "package m\n" + block})           // moved
	h.commit(map[string]string{"m2.go": "package m\n", "m1.go": block + text + block})   // moved, and copied
	h.commit(map[string]string{"m1.go": text + block + block})                           // moved within
	h.commit(map[string]string{"m1.go": "", "m3.go": block + "own()\n", "m4.go": block}) // of a file that is gone
	h.commit(map[string]string{"new.go": "if x {\n\t" + strings.ReplaceAll(text, "\n", "\n\t") + "\n}\n"})
	h.commit(map[string]string{"new.go": strings.ReplaceAll(text, "\n", "\n\n")})
	h.commit(map[string]string{"odd.txt": "@@ -1 +1 @@\ndiff --git a/x b/x\nindex 1..2\n--- a\n+++ b\n\\ No newline at end of file\n"})
	h.commit(map[string]string{"odd.txt": "@@ -1,9 +1 @@\ndiff --git a/y b/y\n--- a\n+++ c\n\\ No newline at end of file"})
	h.commit(map[string]string{"caf\xe9.go": "gr\xfc\xdfe()\n\tgr\xfcn()\n", "q\"uote\tname.go": "x()\n"})
	h.commit(map[string]string{"caf\xe9.go": "  gr\xfc\xdfe()\ngr\xf6n()\n", "q\"uote\tname.go": "y()\n"})
	h.commit(map[string]string{".gitattributes": "*.y linguist-generated\ngo.sum -linguist-generated\n", "a.y": text})
	h.commit(map[string]string{"dir/.gitattributes": "*.y !linguist-generated\n", "dir/a.y": block, "b.y": block, "go.sum": text})
	h.commit(map[string]string{"dir/b.y": text, "go.sum": block})
	h.named()
	h.commit(nil)
}

// named are files of which the path says what they are, and some that only look so.
func (h *history) named() {
	files := map[string]string{}
	for path := range strings.FieldsSeq(`package-lock.json x/npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock go.sum go.work.sum Gopkg.lock glide.lock Cargo.lock
		Gemfile.lock composer.lock poetry.lock pdm.lock uv.lock Pipfile.lock pixi.lock conda-lock.yml mix.lock rebar.lock pubspec.lock Podfile.lock Package.resolved Cartfile.resolved packages.lock.json
		paket.lock flake.lock gradle.lockfile MODULE.bazel.lock esy.lock stack.yaml.lock cabal.project.freeze Manifest.toml .terraform.lock.hcl Chart.lock xyarn.lock yarn.lockx my.lock
		vendor/a.go x/vendor/a.go x/node_modules/a.js third_party/a.c bower_components/a.js Godeps/a.go .yarn/releases/a.js .yarn/plugins/a.js x/.yarn/plugins/a.js vendors/a.go vendor.go
		a.pb.go a.pb.gw.go a.pb.cc a.pb.h a_pb2.py a_pb2_grpc.py a_pb2.pyi a_pb.js a_pb.d.ts a_pb.rb a.pb.swift a.pbobjc.h a.pbobjc.m a_generated.go a.generated.go a.gen.go a.g.dart a.freezed.dart
		a.Designer.cs a.designer.cs a.g.cs a.min.js a.min.css a.js.map a.css.map a.snap zz_generated.a.go x/zz_generated. zz_generated/a.go pb.go a.pb.gox agen.go
		a_test.go a.test.js a.test.jsx a.test.ts a.test.tsx a.test.mjs a.test.cjs a.spec.js a.spec.jsx a.spec.ts a.spec.tsx a.cy.ts a.cy.js a_test.py a_test.rb a_spec.rb a_test.exs a_test.dart a_test.cc
		a_test.cpp ATest.java ATests.java ATest.kt ATests.kt ATest.php ATests.cs ATest.cs ATests.swift ASpec.scala a_test.clj a_test.rs test_a.py x/test_a.py test_.py test_a.go test/a.go tests/a.go
		__tests__/a.js testdata/a e2e/a.ts __mocks__/a.js __snapshots__/a x/tests/a.go test test.go contest/a.go ATests.php ATest.swift
		LICENSE COPYING NOTICE AUTHORS CONTRIBUTORS CHANGELOG README x/README README.txt a.md a.mdx a.markdown a.rst a.adoc a.asciidoc docs/a.go doc/a.go x/docs/a.go docs md`) {
		if path != "test" && path != "docs" { // where others are folders
			files["named/"+path], files[path] = "x\n", "x\n"
		}
	}
	h.commit(files)
}

// large are changes of which GitHub does not list all.
func (h *history) large() {
	var long strings.Builder
	for i := range 21_000 {
		fmt.Fprintf(&long, "line(%d)\n", i)
	}
	h.commit(map[string]string{"api/z.pb.go": long.String(), "aa.go": "one()\n", "zz.go": "two()\n"})
	h.commit(map[string]string{"huge.go": long.String()})
	h.commit(map[string]string{"huge.go": strings.ReplaceAll(long.String(), "\nline(1", "\n\tline(1"), "zz.go": "three()\n"})
	many, gone := map[string]string{}, map[string]string{}
	for i := range 5000 {
		path := fmt.Sprintf("many/%d/f%d.go", i%50, i)
		many[path], gone[path] = fmt.Sprintf("package f%d\n\nvar x = %d\n", i, i), ""
	}
	h.commit(many)
	h.commit(gone)
}

// chance are small changes of few lines that are much alike, which is where
// ways to say what changed differ.
func (h *history) chance() {
	r := rand.New(rand.NewPCG(5, 41))
	words := []string{"", "  ", "}", "\t}", "{", "one()", "\tone()", "two()", "two ()", "three()", "four()", "five()\r", "\u00fcber()", "\xff"}
	text := map[string][]string{}
	for range 60 {
		files := map[string]string{}
		for range 1 + r.IntN(3) {
			path := fmt.Sprintf("r%d.go", r.IntN(4))
			l := text[path]
			for range 1 + r.IntN(12) {
				at := r.IntN(len(l) + 1)
				cut := min(len(l), at+r.IntN(6))
				piece := []string{words[r.IntN(len(words))]}
				if other := text[fmt.Sprintf("r%d.go", r.IntN(4))]; len(other) > 6 && r.IntN(2) == 0 {
					from := r.IntN(len(other) - 5)
					piece = other[from : from+5]
				}
				l = append(append(append([]string{}, l[:at]...), piece...), l[cut:]...)
			}
			text[path] = l[:min(len(l), 120)]
			files[path] = strings.Join(text[path], "\n") + strings.Repeat("\n", r.IntN(2)) + "."
		}
		h.commit(files)
	}
}
