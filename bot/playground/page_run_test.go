package playground_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// TestRunPage: what GitHub calls the page of a check run is one, and leads to
// the change that it is of.
func TestRunPage(t *testing.T) {
	w := opened(t)
	if err := w.Report("unit", "#2", "failure"); err != nil {
		t.Fatal(err)
	}
	if err := w.Report("build", "main", "in_progress"); err != nil {
		t.Fatal(err)
	}
	c, err := w.GitHub.Change(playground.Repo, 2)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64][]string{
		c.Checks[0].ID: {"ci says failure of <code>" + c.Head[:7], "this CI is pretended", `href="/acme/shop/pull/2/checks?`},
		w.GitHub.Checks(playground.Repo, w.GitHub.Branch(playground.Repo, "main"))[0].ID: {"ci says in progress", "the newest commit of no pull request"},
	} {
		body := page(t, fmt.Sprint(w.URL, "/acme/shop/runs/", id))
		for _, s := range want {
			if !strings.Contains(body, s) {
				t.Errorf("run %d lacks %q:\n%s", id, s, mainOf(body))
			}
		}
	}
	for _, id := range []string{"1", "one"} {
		resp, err := http.Get(w.URL + "/acme/shop/runs/" + id)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d", id, resp.StatusCode)
		}
	}
}
