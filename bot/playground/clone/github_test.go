package clone

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
)

// listed asks for a page of a change's files.
func listed(t *testing.T, g *GitHub, query string) (rows []wireRow, link string) {
	t.Helper()
	rec := httptest.NewRecorder()
	g.ServeHTTP(rec, httptest.NewRequest("GET", "/repos/o/r/pulls/1/files?"+query, nil))
	if err := json.Unmarshal(rec.Body.Bytes(), &rows); err != nil {
		t.Fatal(err)
	}
	return rows, rec.Header().Get("Link")
}

func rowOf(path string, lines int) Row {
	return Row{Path: path, Letter: 'M', old: "1", young: "2", Added: lines, Patch: "@@ -0,0 +1 @@" + strings.Repeat("\n+x", lines)}
}

// Zeros past so many lines of an answer, no patch of a large file, no more
// files than so many: GitHub's list, as people found it.
func TestWhatGitHubLeavesOut(t *testing.T) {
	g := &GitHub{Limits: GitHubs()}
	g.Show(Change{Step: Step{After: "abc"}, Rows: []Row{rowOf("a", 19_999), rowOf("b", 5), rowOf("c", 7), rowOf("huge", 20_001)}})
	rows, _ := listed(t, g, "per_page=100")
	if a, b, c := rows[0], rows[1], rows[2]; a.Patch == nil || b.Added != 5 || b.Patch == nil || c.Added != 0 || c.Patch != nil {
		t.Errorf("%d, %d, %d lines", a.Added, b.Added, c.Added)
	}
	rows, _ = listed(t, g, "per_page=1&page=3")
	if len(rows) != 1 || rows[0].Name != "c" || rows[0].Added != 7 || !strings.HasSuffix(rows[0].Contents, "?ref=abc") {
		t.Errorf("%+v", rows)
	}
	rows, _ = listed(t, g, "per_page=1&page=4")
	if rows[0].Added != 20_001 || rows[0].Patch != nil || g.Asked() != 3 {
		t.Errorf("a large file: %d lines, asked %d times", rows[0].Added, g.Asked())
	}
	var many []Row
	for i := range 3001 {
		many = append(many, rowOf(fmt.Sprint(i), 1))
	}
	g.Show(Change{Rows: many})
	if rows, link := listed(t, g, "per_page=100&page=30"); len(rows) != 100 || link != "" {
		t.Errorf("%d files of the last page, and then %q", len(rows), link)
	}
}

// The yardstick of git's own figure: no way to tell the change has fewer lines.
func TestShortestWay(t *testing.T) {
	for _, c := range []struct {
		old, young string
		least      int
	}{
		{"", "", 0}, {"a", "a", 0}, {"a", "b", 2}, {"a b c", "a c", 1}, {"a b c", "c b a", 4}, {"", "a b", 2}, {"a b c a b b a", "c b a b a c", 5},
	} {
		a, b := strings.Fields(c.old), strings.Fields(c.young)
		if within(a, b, c.least-1) || !within(a, b, c.least) {
			t.Errorf("%q to %q in %d lines: %t; in one fewer: %t", c.old, c.young, c.least, within(a, b, c.least), within(a, b, c.least-1))
		}
	}
}
