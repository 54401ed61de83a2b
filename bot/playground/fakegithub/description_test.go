package fakegithub_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// GitHub counts a description in characters, not in bytes.
func TestADescriptionHas140Characters(t *testing.T) {
	w := newWorld(t)
	w.must(w.Deployed(shop, w.Branch(shop, "main"), "production", "ann", 0))
	id := w.Deployments(shop)[0].ID
	token := w.token(nil)
	for n, want := range map[int]int{140: http.StatusCreated, 141: http.StatusUnprocessableEntity} {
		body := fmt.Sprintf(`{"state":"success","description":%q}`, strings.Repeat("ü", n))
		if resp, said := w.call(http.MethodPost, token, fmt.Sprintf("/repos/acme/shop/deployments/%d/statuses", id), body); resp.StatusCode != want {
			t.Errorf("%d characters: %d %s", n, resp.StatusCode, said)
		}
	}
}
