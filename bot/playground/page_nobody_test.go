package playground_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestNobody: a page that somebody wants to see as nobody says who there is.
func TestNobody(t *testing.T) {
	w := opened(t)
	if html := page(t, w.URL+"/?as=nobody"); !strings.Contains(html, "there are alice, grace, mallory") {
		t.Errorf("it is not said: %s", html)
	}
	if html := page(t, w.URL+"/?as=grace"); strings.Contains(html, `role="alert"`) {
		t.Errorf("a problem with grace: %s", html)
	}
}

// TestAboutNothing: what is no number is said to be none, and no record is
// handed out as if it were about it.
func TestAboutNothing(t *testing.T) {
	w := opened(t)
	if html := page(t, w.URL+"/inspector?about=abc"); !strings.Contains(html, "is no pull request&#39;s number, as 2 is") {
		t.Errorf("it is not said: %s", mainOf(html))
	}
	resp, err := http.Get(w.URL + "/inspector/record.jsonl?about=abc")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("the record: status %d", resp.StatusCode)
	}
}
