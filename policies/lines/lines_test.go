package lines_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
)

// file is one whose patch is a hunk of these lines.
func file(path, status string, patch ...string) bot.ChangedFile {
	f := bot.ChangedFile{Path: path, Status: status}
	old, young := 0, 0
	for _, l := range patch {
		switch l[0] {
		case '-':
			f.Deleted, old = f.Deleted+1, old+1
		case '+':
			f.Added, young = f.Added+1, young+1
		case ' ':
			old, young = old+1, young+1
		}
	}
	if len(patch) > 0 {
		f.Patch = fmt.Sprintf("@@ -1,%d +1,%d @@\n%s", old, young, strings.Join(patch, "\n"))
	}
	return f
}

func raw(files []bot.ChangedFile) (n int) {
	for _, f := range files {
		n += f.Lines()
	}
	return n
}

func block(mark string) []string {
	var all []string
	for _, s := range []string{"func price(n int) int {", "\tif n < 0 {", "\t\treturn none", "\t}", "", "\treturn n * each", "}"} {
		all = append(all, mark+s)
	}
	return all
}

func TestWhatCounts(t *testing.T) {
	for name, c := range map[string]struct {
		files     []bot.ChangedFile
		effective int
	}{
		"nothing":                 {nil, 0},
		"added and deleted":       {[]bot.ChangedFile{file("a.go", "modified", "-x := one", "+x := two", "+y := three")}, 3},
		"blank lines":             {[]bot.ChangedFile{file("a.go", "modified", " x := one", "+", "+  \t\r", " y := two", "-")}, 0},
		"blank among others":      {[]bot.ChangedFile{file("a.go", "modified", "+x := one", "+", "+  \t\r", "+y := two")}, 4},
		"blank in another hunk":   {[]bot.ChangedFile{{Path: "a.go", Status: "modified", Added: 2, Patch: "@@ -1,0 +1 @@\n+x := one\n@@ -9,0 +11 @@\n+"}}, 1},
		"blank beside what moved": {[]bot.ChangedFile{file("a.go", "modified", append(block("-"), "-", "-")...), file("b.go", "modified", append([]string{"+"}, block("+")...)...)}, 0},
		"indented":                {[]bot.ChangedFile{file("a.go", "modified", "-one", "-two", "-three", "+if x {", "+\tone", "+\ttwo", "+\tthree", "+}")}, 2},
		"another order is a line": {[]bot.ChangedFile{file("a.go", "modified", "-one()", "-two()", "+ two()", "+ one()")}, 2},
		"other line ends":         {[]bot.ChangedFile{file("a.go", "modified", "-one", "-two", "+one\r", "+two\r")}, 0},
		"no newline at the end":   {[]bot.ChangedFile{file("a.go", "modified", "-one", `\ No newline at end of file`, "+one")}, 0},
		"bytes that are no text":  {[]bot.ChangedFile{file("a.go", "modified", "-\ufffd", "+ \ufffd")}, 2},
		"renamed":                 {[]bot.ChangedFile{{Path: "b.go", Previous: "a.go", Status: "renamed"}}, 0},
		"renamed and edited":      {[]bot.ChangedFile{file("b.go", "renamed", "-one", "+two")}, 2},
		"a file is gone":          {[]bot.ChangedFile{file("a.go", "removed", block("-")...)}, 1},
		"an empty file is gone":   {[]bot.ChangedFile{{Path: "a.go", Status: "removed"}}, 0},
		"binary":                  {[]bot.ChangedFile{{Path: "a.png", Status: "added"}}, 0},
		"not shown":               {[]bot.ChangedFile{{Path: "a.go", Status: "modified", Added: 900, Deleted: 9}}, 909},
		"a patch of other lines":  {[]bot.ChangedFile{{Path: "a.go", Status: "modified", Added: 5, Deleted: 1, Patch: "@@ -0,0 +1 @@\n+a"}}, 6},
		"a patch that is none":    {[]bot.ChangedFile{{Path: "a.go", Status: "modified", Added: 5, Patch: "Binary files differ"}}, 5},
		"moved":                   {[]bot.ChangedFile{file("a.go", "modified", block("-")...), file("b.go", "modified", append(block("+"), "+more()")...)}, 1},
		"moved out of what is gone": {[]bot.ChangedFile{
			file("a.go", "removed", block("-")...), file("b.go", "added", block("+")...)}, 1},
		"copied once more":   {[]bot.ChangedFile{file("a.go", "modified", block("-")...), file("b.go", "added", append(block("+"), block("+")...)...)}, 7},
		"two lines no block": {[]bot.ChangedFile{file("a.go", "modified", "-first()", "-second()"), file("b.go", "modified", "+first()", "+second()")}, 4},
		"braces no block":    {[]bot.ChangedFile{file("a.go", "modified", "-}", "-})", "-}"), file("b.go", "modified", "+}", "+})", "+}")}, 6},
		"tests and docs":     {[]bot.ChangedFile{file("a_test.go", "added", "+one"), file("README.md", "added", "+two"), file("go.sum", "added", "+three"), file("vendor/x/y.go", "added", "+four"), file("x.pb.go", "added", "+five")}, 0},
		"two hunks":          {[]bot.ChangedFile{{Path: "a.go", Status: "modified", Added: 2, Patch: "@@ -1,1 +1,2 @@ func a()\n x\n+@@ -1 +1 @@\n@@ -9,0 +11 @@\n+y\n"}}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			got := lines.Of(c.files, raw(c.files), lines.Rules{})
			if got.Effective != c.effective || got.Missing != 0 || got.About {
				t.Errorf("%+v", got)
			}
		})
	}
}

// What is in the totals and in no file counts as code, also within a scope.
func TestMissing(t *testing.T) {
	files := []bot.ChangedFile{file("a.go", "modified", "+one"), file("go.sum", "modified", "+one")}
	c := lines.Of(files, 9402, lines.Rules{})
	if c.Effective != 9401 || c.Missing != 9400 || c.Free() != 1 || c.Over(lines.Rules{}, func(f lines.File) bool { return f.Path == "go.sum" }) != 9400 {
		t.Errorf("%+v", c)
	}
	if c = lines.Of(files, 1, lines.Rules{}); c.Effective != 1 || !c.About || c.Raw != 2 {
		t.Errorf("%+v", c)
	}
}

// A line that nobody sees counts as much as the heaviest could, and no less
// than code does where nobody says otherwise.
func TestMissingLinesWeighTheMost(t *testing.T) {
	files := []bot.ChangedFile{file("a.go", "modified", "+one"), file("a_test.go", "modified", "+one")}
	for _, c := range []struct {
		weights map[lines.Kind]float64
		want    int
	}{
		{map[lines.Kind]float64{lines.Tests: 2}, 1 + 2 + 2*100}, {map[lines.Kind]float64{lines.Code: 0.5}, 1 + 100},
		{map[lines.Kind]float64{lines.Code: 0, lines.Docs: 0.5}, 100}, {map[lines.Kind]float64{lines.Code: 3, lines.Tests: 2}, 3 + 2 + 3*100},
	} {
		if got := lines.Of(files, 102, lines.Rules{Weights: c.weights}); got.Effective != c.want {
			t.Errorf("by %v: %d lines count, want %d", c.weights, got.Effective, c.want)
		}
	}
}

// Where some lines are not seen, a block that came may be a second copy.
func TestNothingMovesUnseen(t *testing.T) {
	files := []bot.ChangedFile{file("a.go", "modified", block("-")...), file("b.go", "modified", block("+")...)}
	if c := lines.Of(files, raw(files)+1, lines.Rules{}); c.Effective != 15 {
		t.Errorf("with a line missing: %+v", c)
	}
	files = append(files, bot.ChangedFile{Path: "go.sum", Status: "modified", Added: 9000})
	if c := lines.Of(files, raw(files), lines.Rules{}); c.Effective != 14 {
		t.Errorf("beside a file that is not shown: %+v", c)
	}
}

func TestBeyondThePatches(t *testing.T) {
	var patch []string
	for range lines.MostPatch / 1000 {
		patch = append(patch, "-"+strings.Repeat("x", 600), "+"+strings.Repeat("x", 600)+" ")
	}
	a, b := file("a.go", "modified", patch...), file("b.go", "modified", "-one", "+one ")
	if c := lines.Of([]bot.ChangedFile{b, a}, raw([]bot.ChangedFile{a, b}), lines.Rules{}); c.Effective != a.Lines() || !c.Files[0].Unseen {
		t.Errorf("%d of %d", c.Effective, a.Lines())
	}
}

func TestWhichRule(t *testing.T) {
	attributes, err := lines.ReadAttributes(map[string]string{".gitattributes": "# ours\n*.yy.go linguist-generated\ndocs/*.go linguist-documentation=true\nvendor/mine/** -linguist-vendored\ngo.sum linguist-generated=false\n"})
	if err != nil {
		t.Fatal(err)
	}
	r := lines.Rules{Attributes: attributes, Count: []lines.As{{Paths: []string{"**/*.sql"}, As: lines.Code}, {Paths: []string{"api/gen/**"}, As: lines.Generated}}}
	for path, want := range map[string]string{
		"a.go": "code", "test/a.sql": "code count 1", "api/gen/a/b.sql": "code count 1", "api/gen/a.go": "generated count 2",
		"x/a.yy.go": "generated attributes .gitattributes 2", "docs/a.go": "docs attributes .gitattributes 3", "docs/x/a.txt": "docs built-in docs/",
		"vendor/mine/a.go": "code", "vendor/a.go": "vendored built-in vendor/", "go.sum": "code", "x/yarn.lock": "lockfile built-in yarn.lock",
		"x/a_test.go": "tests built-in *_test.go", "x/test_a.py": "tests built-in test_*.py", "test_drive.go": "code", "k8s/zz_generated.deepcopy.go": "generated built-in zz_generated.*", "CHANGELOG.md": "docs built-in *.md", "src/docs/a.go": "code",
	} {
		f := lines.Of([]bot.ChangedFile{{Path: path}}, 0, r).Files[0]
		got := strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Kind, f.Rule.By, f.Rule.Name))
		if f.Rule.Line > 0 {
			got = strings.Join(strings.Fields(fmt.Sprint(got, " ", f.Rule.Line)), " ")
		}
		if got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

// Who writes that a file is generated is believed only where the file says so.
func TestHeader(t *testing.T) {
	f := []bot.ChangedFile{file("a.go", "added", "+// Code generated by hand. DO NOT EDIT.", "+package a")}
	for header, want := range map[lines.Header]int{lines.Report: 2, lines.Trust: 0, lines.Ignore: 2} {
		c := lines.Of(f, 2, lines.Rules{Header: header})
		if c.Effective != want || c.Files[0].Says == (header == lines.Ignore) {
			t.Errorf("%q: %+v", header, c)
		}
	}
	if c := lines.Of([]bot.ChangedFile{file("a.go", "modified", "+// Code generated DO NOT EDIT")}, 1, lines.Rules{Header: lines.Trust}); c.Effective != 1 {
		t.Errorf("an old file hides: %+v", c)
	}
}

// change draws files with hostile lines.
func change(t *rapid.T) (files []bot.ChangedFile) {
	paths := []string{"a.go", "b.go", "c_test.go", "docs/d.md", "go.sum", "vendor/e.go", "x/f.pb.go", "g.png"}
	text := rapid.SampledFrom([]string{"", " ", "}", "\t}", "one()", " one()", "two()", "three()", "four()", "five ()", "five()\r", "\ufffd", "@@ -1 +1 @@", "+", "-"})
	for _, path := range paths[:rapid.IntRange(0, len(paths)).Draw(t, "files")] {
		status := rapid.SampledFrom([]string{"added", "modified", "removed", "renamed", "changed"}).Draw(t, "status")
		marks := map[string]string{"added": "+", "removed": "-"}[status]
		if marks == "" {
			marks = " +-"
		}
		var patch []string
		for range rapid.IntRange(0, 25).Draw(t, "lines") {
			patch = append(patch, rapid.SampledFrom(strings.Split(marks, "")).Draw(t, "mark")+text.Draw(t, "text"))
		}
		f := file(path, status, patch...)
		if rapid.IntRange(0, 5).Draw(t, "shown") == 0 {
			f.Patch = ""
		}
		files = append(files, f)
	}
	return files
}

func TestInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		files := change(t)
		total := raw(files) + rapid.IntRange(0, 9).Draw(t, "missing")
		weights := map[lines.Kind]float64{lines.Tests: rapid.SampledFrom([]float64{0, 0.25, 1}).Draw(t, "tests"), lines.Code: rapid.SampledFrom([]float64{0.5, 1}).Draw(t, "code")}
		rules := lines.Rules{Weights: weights}
		whole := lines.Of(files, total, rules)
		if whole.Effective > whole.Raw || whole.Effective < 0 || whole.Raw != total {
			t.Fatalf("%d count of %d", whole.Effective, whole.Raw)
		}
		for _, f := range whole.Files {
			if f.Raw != f.Lines+f.Whitespace+f.Moved+f.Gone || min(f.Lines, f.Whitespace, f.Moved, f.Gone) < 0 {
				t.Fatalf("%+v", f)
			}
		}
		sameInAnyOrder(t, files, total, rules, whole)
		excluded := rules
		excluded.Count = []lines.As{{Paths: []string{rapid.SampledFrom([]string{"*.go", "**", "docs/**", "a.go"}).Draw(t, "glob")}, As: lines.Generated}}
		if c := lines.Of(files, total, excluded); c.Effective > whole.Effective {
			t.Fatalf("not to count some counts more: %d, without %d", c.Effective, whole.Effective)
		}
		inParts(t, files, rules)
	})
}

func sameInAnyOrder(t *rapid.T, files []bot.ChangedFile, total int, r lines.Rules, want lines.Count) {
	if got := lines.Of(rapid.Permutation(files).Draw(t, "order"), total, r); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("in another order %+v\n%+v", got, want)
	}
}

// inParts: the parts of a change count no less than the whole but for what
// moves between them.
func inParts(t *rapid.T, files []bot.ChangedFile, r lines.Rules) {
	at := rapid.IntRange(0, len(files)).Draw(t, "split at")
	sum, away := 0, 0
	for _, part := range [][]bot.ChangedFile{files[:at], files[at:]} {
		c := lines.Of(part, raw(part), r)
		sum += c.Effective
		for _, f := range c.Files {
			away += f.Moved
		}
	}
	if whole := lines.Of(files, raw(files), r); sum+away < whole.Effective {
		t.Fatalf("the parts count %d, with %d moved lines; the whole %d", sum, away, whole.Effective)
	}
}

func FuzzPatch(f *testing.F) {
	f.Add("@@ -1,2 +1 @@\n-a\n b", 0, 1)
	f.Add("@@ -1 +1,2 @@ x\n-a\n\\ No newline at end of file\n+a\n+b", 2, 1)
	f.Add("@@ -99999999999999999999 +1 @@\n", 1, 1)
	f.Add("@@ -0,9223372036854775807 +1,2 @@\n+\n\n", 1, 0)
	f.Fuzz(func(t *testing.T, patch string, added, deleted int) {
		added, deleted = max(0, min(added, 1<<40)), max(0, min(deleted, 1<<40))
		for _, status := range []string{"modified", "added", "removed"} {
			c := lines.Of([]bot.ChangedFile{{Path: "a.go", Status: status, Added: added, Deleted: deleted, Patch: patch}}, added+deleted, lines.Rules{})
			if got := c.Files[0]; got.Lines < 0 || c.Effective > added+deleted || got.Raw != got.Lines+got.Whitespace+got.Moved+got.Gone {
				t.Fatalf("%+v", c)
			}
		}
	})
}

// Work grows with the patch and no faster, for the worst we know of: a square
// would not end here.
func TestHostilePatchesEnd(t *testing.T) {
	const n = 50_000
	for name, make := range map[string]func(i int) (gone, come string){
		"all equal":  func(int) (string, string) { return "-x()x", "+ x()x y" },
		"crossed":    func(i int) (string, string) { return fmt.Sprint("-l", i), fmt.Sprint("+ l", n-i) },
		"repetitive": func(i int) (string, string) { return fmt.Sprint("-line", i%7), fmt.Sprint("+ line", i%5) },
		"braces":     func(int) (string, string) { return "-}", "+}}" },
	} {
		t.Run(name, func(t *testing.T) {
			var gone, come []string
			for i := range n {
				g, c := make(i)
				gone, come = append(gone, g), append(come, c)
			}
			files := []bot.ChangedFile{file("a.go", "modified", append(gone, come...)...), file("b.go", "modified", gone...), file("c.go", "modified", come...)}
			if c := lines.Of(files, raw(files), lines.Rules{}); c.Effective > c.Raw {
				t.Error(c.Effective)
			}
		})
	}
}
