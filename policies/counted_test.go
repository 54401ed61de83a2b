package policies

import (
	"fmt"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/policies/lines"
)

// What counts is judged, and what does not is named, with its rule.
func TestOnlyWhatCountsIsJudged(t *testing.T) {
	s := Defaults()
	s.Batch.Mode = Block
	for name, c := range map[string]struct {
		told              words.Counted
		title, conclusion string
	}{
		"little counts": {words.Counted{Lines: 63, Files: 2, Free: 4210, Not: []words.Share{{Path: "go.sum", Lines: 4198, Why: "lockfile"}, {Lines: 12, Why: "white space"}}}, "63 lines count, 4210 do not", bot.Success},
		"much counts":   {words.Counted{Lines: 187, Files: 2, Free: 1000, Biggest: []words.Share{{Path: "cart/price.go", Lines: 121}}}, "187 lines - over the 100-line guide", bot.Neutral},
		"too much":      {words.Counted{Lines: 612, Files: 19, Free: 9, Biggest: []words.Share{{Path: "importer/run.go", Lines: 388}}}, "612 lines - the limit here is 400", bot.Failure},
		"missing":       {words.Counted{Lines: 9400, Files: 1, Free: 9, Missing: 9000, Least: 400}, "Up to 9400 lines - the limit here is 400", bot.Failure},
		"two moments":   {words.Counted{Lines: 63, Files: 1, Free: 9, About: true}, "About 63 lines count, 9 do not", bot.Success},
		"one moment":    {words.Counted{Lines: 63, Files: 1, About: true}, "About 63 lines - the target is 20", bot.Success},
		"blind":         {words.Counted{Lines: 63, Files: 1, Why: "the tree is too large"}, "Up to 63 lines - the target is 20", bot.Success},
		"few files":     {words.Counted{Lines: 5, Files: 1, Free: 9000}, "5 lines count, 9000 do not", bot.Success},
	} {
		v := judgeBatch(Facts{Change: sized(9000, 0, 60), Counted: &c.told}, s.Batch)
		if v.Title != c.title || v.Conclusion != c.conclusion {
			t.Errorf("%s: %+v", name, v)
		}
		for _, share := range append(c.told.Biggest, c.told.Not...) {
			if !strings.Contains(v.Summary, share.Path) || !strings.Contains(v.Summary, share.Why) {
				t.Errorf("%s: %+v is not in %s", name, share, v.Summary)
			}
		}
		if (c.told.Missing > 0) != strings.Contains(v.Summary, "did not list every file. At least 400 lines count; 9000 more are in no file") {
			t.Errorf("%s: %s", name, v.Summary)
		}
		if c.told.About != strings.Contains(v.Summary, "not exact") {
			t.Errorf("%s: %s", name, v.Summary)
		}
	}
}

func TestWhatIsTold(t *testing.T) {
	s := BatchSettings{Count: []lines.As{{Paths: []string{"api/**"}, As: lines.Generated}}, Scopes: []Scope{{Name: "roots", Paths: []string{"*.go"}}, {Name: "api", Paths: []string{"api/**"}}}}
	c := lines.Of([]bot.ChangedFile{
		{Path: "a.go", Status: "modified", Added: 3, Patch: "@@ -4,0 +5,3 @@\n+one\n+\n+two"}, {Path: "b.go", Status: "removed", Deleted: 40, Patch: ""}, {Path: "api/x.go", Added: 9}, {Path: "go.sum", Added: 5},
		{Path: "logo.png", Status: "added"}, {Path: "moved.png", Previous: "was.png", Status: "renamed"}, {Path: "w.go", Status: "modified", Added: 1, Deleted: 1, Patch: "@@ -1 +1 @@\n-x\n+ x"},
	}, 59, s.Rules())
	told := s.Told(c, 8)
	if told.Lines != 4 || told.Free != 55 || told.Biggest[0] != (words.Share{Path: "a.go", Lines: 3, At: 5}) || told.Biggest[1].At != 0 {
		t.Errorf("%+v", told)
	}
	if told.Files != 4 { // a.go, b.go, logo.png and one that is not listed
		t.Errorf("%d files count", told.Files)
	}
	if told.In("roots") != (words.Part{Name: "roots", Lines: 4, Files: 3}) || told.In("api") != (words.Part{Name: "api", Files: 1}) || told.In("other").Lines != 4 {
		t.Errorf("%+v", told.Scopes)
	}
	if text := told.Explain(); !strings.Contains(text, "Not counted: `api/x.go` 9 (generated, `batch.count` 1), `go.sum` 5 (lockfile), 2 white space, 39 of removed files.") {
		t.Error(text)
	}
}

// Three files that do not count are named, and how many more there are.
func TestMuchThatIsNotCounted(t *testing.T) {
	var files []bot.ChangedFile
	for i := range 6 {
		files = append(files, bot.ChangedFile{Path: fmt.Sprintf("docs/%d.md", i), Status: "added", Added: 10 - i})
	}
	if text := (BatchSettings{}).Told(lines.Of(files, 45, lines.Rules{}), 6).Explain(); !strings.Contains(text, "Not counted: `docs/0.md` 10 (docs), `docs/1.md` 9 (docs), `docs/2.md` 8 (docs), 3 files more 18 (docs).") {
		t.Error(text)
	}
}

// What of a line does not count is told with its rule, also beyond the files
// that are named; and what is missing is told apart from what surely counts.
func TestEachRuleIsTold(t *testing.T) {
	s := BatchSettings{Weights: map[lines.Kind]float64{lines.Tests: 0.5}}
	var files []bot.ChangedFile
	for i, path := range []string{"a_test.go", "b.md", "c/go.sum", "d/go.sum", "vendor/e.go", "f.md"} {
		files = append(files, bot.ChangedFile{Path: path, Status: "modified", Added: 20 - i})
	}
	told := s.Told(lines.Of(files, 110, s.Rules()), 6)
	if told.Missing != 5 || told.Least != 10 || told.Lines != 15 {
		t.Errorf("%+v", told)
	}
	if text := told.Explain(); !strings.Contains(text, "Not counted: `b.md` 19 (docs), `c/go.sum` 18 (lockfile), `d/go.sum` 17 (lockfile), 3 files more 41 (vendored; docs; tests, 0.5 a line).") {
		t.Error(text)
	}
}

// A scope has limits of its own, over its own files; what is not counted could
// all be in it.
func TestScopesAreJudged(t *testing.T) {
	s := Defaults().Batch
	s.Mode, s.Scopes = Block, []Scope{{Name: "payments", Paths: []string{"pay/**"}, Lines: Limits{Warn: 50, Block: 150}, Files: Limits{Block: 2}}}
	in := func(n, files int) *words.Counted {
		return &words.Counted{Lines: 180, Files: 5, Scopes: []words.Part{{Name: "payments", Lines: n, Files: files}}}
	}
	for _, c := range []struct {
		told              *words.Counted
		title, conclusion string
	}{
		{in(151, 1), "151 lines in payments - the limit there is 150", bot.Failure},
		{in(9, 3), "3 files in payments - the limit there is 2", bot.Failure},
		{in(150, 2), "180 lines - over the 100-line guide", bot.Neutral},
		{nil, "Up to 180 lines in payments - the limit there is 150", bot.Failure},
	} {
		if v := judgeBatch(Facts{Change: sized(180, 0, 5), Counted: c.told}, s); v.Title != c.title || v.Conclusion != c.conclusion {
			t.Errorf("%+v", v)
		}
	}
	small := &words.Counted{Lines: 60, Files: 1, Scopes: []words.Part{{Name: "payments", Lines: 51, Files: 1}}}
	if v := judgeBatch(Facts{Change: sized(60, 0, 1), Counted: small}, s); v.Title != "51 lines in payments - over the guide of 50" || v.Conclusion != bot.Neutral {
		t.Errorf("%+v", v)
	}
}

// Lines at which nobody could look may each weigh what the heaviest does.
func TestUncountedLinesWeighTheMost(t *testing.T) {
	s := Defaults().Batch
	s.Mode, s.Weights, s.Scopes = Block, map[lines.Kind]float64{lines.Tests: 2}, []Scope{{Name: "payments", Paths: []string{"pay/**"}, Lines: Limits{Block: 500}}}
	if v := judgeBatch(Facts{Change: sized(201, 0, 5)}, s); v.Conclusion != bot.Failure || !strings.Contains(v.Title, "402 lines") {
		t.Errorf("%+v", v)
	}
	s.Lines.Block = 1000
	if v := judgeBatch(Facts{Change: sized(251, 0, 5)}, s); v.Conclusion != bot.Failure || !strings.Contains(v.Title, "502 lines in payments") {
		t.Errorf("%+v", v)
	}
}

// Code comes with a test; what goes away needs none.
func TestCodeWithoutTest(t *testing.T) {
	code := bot.ChangedFile{Path: "a.go", Status: "modified", Added: 2, Patch: "@@ -4,0 +5,2 @@\n+one\n+two"}
	for _, c := range []struct {
		files []bot.ChangedFile
		want  int
	}{
		{[]bot.ChangedFile{code}, 2}, {[]bot.ChangedFile{code, {Path: "a_test.go", Status: "modified", Added: 1}}, 0},
		{[]bot.ChangedFile{{Path: "b.go", Status: bot.Removed, Deleted: 9}}, 0}, {[]bot.ChangedFile{{Path: "README.md", Status: "added", Added: 3}}, 0},
		{[]bot.ChangedFile{{Path: "big.go", Status: "added", Added: 9000}}, 9000}, {[]bot.ChangedFile{code, {Path: "old_test.go", Previous: "a_test.go", Status: "renamed"}}, 2},
	} {
		total := 0
		for _, f := range c.files {
			total += f.Lines()
		}
		if got := WithoutTest(lines.Of(c.files, total, lines.Rules{})); got != c.want {
			t.Errorf("%+v: %d lines, want %d", c.files, got, c.want)
		}
	}
}

// A file that says that it is generated counts and is named, unless the file
// of the repository says otherwise.
func TestWhoSaysThatItIsGenerated(t *testing.T) {
	files := []bot.ChangedFile{{Path: "a.go", Status: "added", Added: 2, Patch: "@@ -0,0 +1,2 @@\n+// Code generated by hand. DO NOT EDIT.\n+package a"}}
	for header, c := range map[lines.Header]struct {
		lines int
		says  string
	}{
		lines.Report: {2, "Generated by their own word, which counts: `a.go` 2."}, lines.Trust: {0, "Not counted: `a.go` 2 (generated, as it says itself)."}, lines.Ignore: {2, "Biggest: `a.go` 2."},
	} {
		s := BatchSettings{Header: header}
		told := s.Told(lines.Of(files, 2, s.Rules()), 1)
		if text := told.Explain(); told.Lines != c.lines || !strings.Contains(text, c.says) || header == lines.Ignore && strings.Contains(text, "own word") {
			t.Errorf("%q: %d lines count: %s", header, told.Lines, text)
		}
	}
}

// The biggest files are told beside their first changed line.
func TestBiggestFilesAreNoted(t *testing.T) {
	told := words.Counted{Lines: 130, Files: 2, Biggest: []words.Share{{Path: "a.go", Lines: 121, At: 7}, {Path: "gone.go", Lines: 1}}}
	v := judgeBatch(Facts{Change: sized(130, 9, 2), Counted: &told}, Defaults().Batch)
	if len(v.Notes) != 1 || v.Notes[0] != (bot.Note{Path: "a.go", Line: 7, Message: "121 lines of this file count.", Level: bot.Notice}) {
		t.Errorf("%+v", v.Notes)
	}
}

// A change is looked at only where its totals do not decide.
func TestTotalsDecide(t *testing.T) {
	s := Defaults().Batch
	heavy, scoped := s, s
	scoped.Scopes = []Scope{{Paths: []string{"pay/**"}, Lines: Limits{Warn: 50}}}
	heavy.Weights = map[lines.Kind]float64{lines.Tests: 2}
	for _, c := range []struct {
		s       BatchSettings
		change  bot.Change
		decided bool
	}{
		{s, sized(100, 0, 20), true}, {s, sized(101, 0, 1), false}, {s, sized(1, 0, 21), false}, {heavy, sized(1, 0, 1), false},
		{scoped, sized(50, 0, 1), true}, {scoped, sized(51, 0, 1), false},
		{BatchSettings{}, sized(9000, 0, 900), true}, {BatchSettings{Lines: Limits{Block: 50}}, sized(60, 0, 1), false},
	} {
		if c.s.Decided(c.change) != c.decided {
			t.Errorf("%+v by %+v: %t", c.change, c.s, !c.decided)
		}
	}
}
