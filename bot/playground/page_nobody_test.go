package playground_test

import (
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
