package fakegithub_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
)

// GitHub deletes a deployment that is active only if there is no other.
func TestWhatIsActiveIsNotDeleted(t *testing.T) {
	w := newWorld(t)
	token := w.token(nil)
	v := w.open("ann")
	made := func() string {
		var d struct{ ID int }
		_, body := w.call(http.MethodPost, token, "/repos/acme/shop/deployments", `{"ref":"`+v.Head+`","required_contexts":[],"auto_merge":false}`)
		w.must(json.Unmarshal([]byte(body), &d))
		return fmt.Sprintf("/repos/acme/shop/deployments/%d", d.ID)
	}
	becomes := func(d, state string) {
		w.call(http.MethodPost, token, d+"/statuses", `{"state":"`+state+`","auto_inactive":false}`)
	}
	deleting := func(d string, want int) {
		t.Helper()
		if resp, said := w.call(http.MethodDelete, token, d, ""); resp.StatusCode != want {
			t.Errorf("%d instead of %d: %s", resp.StatusCode, want, said)
		}
	}
	one, two := made(), made()
	deleting(one, http.StatusUnprocessableEntity)
	becomes(one, "success")
	deleting(one, http.StatusUnprocessableEntity)
	becomes(one, "inactive")
	deleting(one, http.StatusNoContent)
	deleting(one, http.StatusNotFound)
	becomes(two, "success")
	deleting(two, http.StatusNoContent)
}
