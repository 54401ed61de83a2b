package playground_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// TestIssuePage: a change leads to what it is for, where the comments are.
func TestIssuePage(t *testing.T) {
	w := opened(t)
	change := page(t, w.URL+"/acme/shop/pull/2")
	if n := strings.Count(change, `<a id="closes-1" href="/acme/shop/issues/1?`); n != 1 {
		t.Errorf("it leads to the issue %d times:\n%.2000s", n, mainOf(change))
	}
	if body := page(t, w.URL+"/acme/shop/issues/1"); !strings.Contains(body, "production's answer comes here") {
		t.Errorf("without comments it says\n%s", mainOf(body))
	}
	if _, err := w.GitHub.Comment("acme/shop", 1, "grace", "Live for **all**"); err != nil {
		t.Fatal(err)
	}
	body := page(t, w.URL+"/acme/shop/issues/1")
	for _, want := range []string{"#1 Let people wrap gifts", "Asked for by many", "<b>grace</b>", "Live for <strong>all</strong>", ">Open</b>"} {
		if !strings.Contains(body, want) {
			t.Errorf("the issue lacks %q:\n%s", want, mainOf(body))
		}
	}
	if body := page(t, w.URL+"/acme/shop/issues/2"); !strings.Contains(body, "Of this pull request") {
		t.Error("the number of a pull request does not lead to it")
	}
	for _, path := range []string{"99", "one"} {
		resp, err := http.Get(w.URL + "/acme/shop/issues/" + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d", path, resp.StatusCode)
		}
	}
}

// TestTwiceNamedIssue: however often a change names an issue, it leads there
// once; what is no issue is not led to.
func TestTwiceNamedIssue(t *testing.T) {
	w := opened(t)
	n, err := w.GitHub.Open("acme/shop", fakegithub.NewChange{Author: "alice", Title: "Both", Body: "Fixes #1, resolved #1, closes #777, discloses #2", Branch: "both", Files: map[string]string{"a.txt": "a\n"}})
	if err != nil {
		t.Fatal(err)
	}
	if body := page(t, fmt.Sprint(w.URL, "/?change=", n)); strings.Count(body, `id="closes-`) != 1 {
		t.Errorf("it leads to\n%.3000s", mainOf(body))
	}
}
